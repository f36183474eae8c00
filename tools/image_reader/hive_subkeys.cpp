#include <hivex.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "base/file_system.hpp"
#include "image_reader/image_files.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxSubkeys = 1'000'000;

struct HiveCloser {
  void operator()(hive_h* hive) const { hivex_close(hive); }
};
struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }  // hivex hands out malloc'ed memory
};
template <class T>
using Owned = std::unique_ptr<T, FreeMemory>;

class SubkeyReader {
 public:
  SubkeyReader(hive_h* hive, std::string name) : hive_(hive), name_(std::move(name)) {}

  Result<std::vector<HiveSubkey>> read(const std::vector<std::string>& path) {
    std::vector<HiveSubkey> keys;
    hive_node_h node = hivex_root(hive_);
    if (node == 0) return refuse();
    for (const std::string& part : path) {
      errno = 0;
      node = hivex_node_get_child(hive_, node, part.c_str());
      if (node == 0 && errno != 0) return refuse();
      if (node == 0) return keys;
    }
    const Owned<hive_node_h> children(hivex_node_children(hive_, node));
    if (!children) return refuse();
    for (const hive_node_h* child = children.get(); *child != 0; ++child) {
      if (keys.size() == kMaxSubkeys) return fail("cannot read hive " + name_ + ": a key has too many keys");
      WINNOW_TRY(HiveSubkey key, read_key(*child));
      keys.push_back(std::move(key));
    }
    return keys;
  }

 private:
  Result<HiveSubkey> read_key(hive_node_h node) {
    const Owned<char> name(hivex_node_name(hive_, node));
    const Owned<hive_value_h> values(hivex_node_values(hive_, node));
    if (!name || !values) return refuse();
    HiveSubkey key{name.get(), {}};
    for (const hive_value_h* value = values.get(); *value != 0; ++value) {
      std::uint32_t type = 0;
      // Any 32-bit code may stand there, so it must never be looked at as hive_type, which has no such values.
      auto* const type_place = reinterpret_cast<hive_type*>(&type);
      std::size_t length = 0;
      if (hivex_value_type(hive_, *value, type_place, &length) != 0) return refuse();
      if (type != hive_t_REG_DWORD || length != sizeof(std::uint32_t)) continue;
      const Owned<char> value_name(hivex_value_key(hive_, *value));
      const Owned<char> data(hivex_value_value(hive_, *value, type_place, &length));
      if (!value_name || !data || length != sizeof(std::uint32_t)) return refuse();
      key.numbers[value_name.get()] = read_le<std::uint32_t>(as_bytes({data.get(), length}), 0).value_or(0);
    }
    return key;
  }
  tl::unexpected<Error> refuse() {
    return fail("cannot read hive " + name_ + ": it is damaged (" + std::generic_category().message(errno) + ")");
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
  const std::unique_ptr<hive_h, HiveCloser> opened(hivex_open(file.c_str(), 0));
  if (!opened) {
    return fail("cannot read hive " + name + ": it cannot be opened (" + std::generic_category().message(errno) + ")");
  }
  return SubkeyReader(opened.get(), name).read(path);
}

}  // namespace winnow
