#include <cerrno>
#include <utility>

#include "base/file_system.hpp"
#include "image_reader/hive_handle.hpp"
#include "image_reader/image_files.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxSubkeys = 1'000'000;

class SubkeyReader {
 public:
  SubkeyReader(hive_h* hive, std::string name) : hive_(hive), name_(std::move(name)) {}

  Result<std::vector<HiveSubkey>> read(const std::vector<std::string>& path) {
    std::vector<HiveSubkey> keys;
    hive_node_h node = hivex_root(hive_);
    if (node == 0) return damaged_hive(name_);
    for (const std::string& part : path) {
      errno = 0;
      node = hivex_node_get_child(hive_, node, part.c_str());
      if (node == 0 && errno != 0) return damaged_hive(name_);
      if (node == 0) return keys;
    }
    const HiveMemory<hive_node_h> children(hivex_node_children(hive_, node));
    if (!children) return damaged_hive(name_);
    for (const hive_node_h* child = children.get(); *child != 0; ++child) {
      if (keys.size() == kMaxSubkeys) return fail("cannot read hive " + name_ + ": a key has too many keys");
      WINNOW_TRY(HiveSubkey key, read_key(*child));
      keys.push_back(std::move(key));
    }
    return keys;
  }

 private:
  Result<HiveSubkey> read_key(hive_node_h node) {
    const HiveMemory<char> name(hivex_node_name(hive_, node));
    const HiveMemory<hive_value_h> values(hivex_node_values(hive_, node));
    if (!name || !values) return damaged_hive(name_);
    HiveSubkey key{name.get(), {}};
    for (const hive_value_h* value = values.get(); *value != 0; ++value) {
      std::uint32_t type = 0;
      // Any 32-bit code may stand there, so it must never be looked at as hive_type, which has no such values.
      auto* const type_place = reinterpret_cast<hive_type*>(&type);
      std::size_t length = 0;
      if (hivex_value_type(hive_, *value, type_place, &length) != 0) return damaged_hive(name_);
      if (type != hive_t_REG_DWORD || length != sizeof(std::uint32_t)) continue;
      const HiveMemory<char> value_name(hivex_value_key(hive_, *value));
      const HiveMemory<char> data(hivex_value_value(hive_, *value, type_place, &length));
      if (!value_name || !data || length != sizeof(std::uint32_t)) return damaged_hive(name_);
      key.numbers[value_name.get()] = read_le<std::uint32_t>(as_bytes({data.get(), length}), 0).value_or(0);
    }
    return key;
  }

  hive_h* hive_;
  std::string name_;
};

}  // namespace

Result<std::vector<HiveSubkey>> read_hive_subkeys(ByteView hive, const std::string& name,
                                                  const std::vector<std::string>& path) {
  WINNOW_TRY(const TemporaryDirectory folder, TemporaryDirectory::create("winnow-hive"));
  const std::filesystem::path file = folder.path() / "hive";
  WINNOW_CHECK(write_file(file, hive));
  WINNOW_TRY(const HiveHandle opened, open_hive(file, name));
  return SubkeyReader(opened.get(), name).read(path);
}

}  // namespace winnow
