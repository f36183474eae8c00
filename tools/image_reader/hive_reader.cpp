#include <utility>

#include "image_reader/hive_handle.hpp"
#include "image_reader/image_reader.hpp"

namespace winnow {

namespace {

// Limits against hostile hives: a key may name one of its own ancestors as a child.
constexpr int kMaxKeyDepth = 512;  // Windows' own limit
constexpr std::size_t kMaxHiveItems = 4'000'000;
constexpr std::size_t kMaxHiveBytes = 1u << 30;  // all value data together

class HiveReader {
 public:
  HiveReader(hive_h* hive, std::string name) : hive_(hive), name_(std::move(name)) {}

  Result<RegistryTree> read_root();

 private:
  Result<void> read_key(hive_node_h node, int depth, RegistryTree& tree);
  Result<RegistryTree::Value> read_value(hive_value_h handle);
  tl::unexpected<Error> refuse(const std::string& reason) { return fail("cannot read hive " + name_ + ": " + reason); }

  hive_h* hive_;
  std::string name_;
  std::size_t items_ = 0;
  std::size_t bytes_ = 0;
};

Result<RegistryTree> HiveReader::read_root() {
  const hive_node_h root = hivex_root(hive_);
  if (root == 0) return damaged_hive(name_);
  RegistryTree tree;
  WINNOW_CHECK(read_key(root, 0, tree));
  return tree;
}

Result<void> HiveReader::read_key(hive_node_h node, int depth, RegistryTree& tree) {
  if (depth > kMaxKeyDepth)
    return refuse("its keys are nested deeper than " + std::to_string(kMaxKeyDepth) + " levels");
  if (++items_ > kMaxHiveItems)
    return refuse("it holds more than " + std::to_string(kMaxHiveItems) + " keys and values");
  const HiveMemory<char> name(hivex_node_name(hive_, node));
  if (!name) return damaged_hive(name_);
  tree.name = name.get();
  const HiveMemory<hive_value_h> values(hivex_node_values(hive_, node));
  if (!values) return damaged_hive(name_);
  for (const hive_value_h* value = values.get(); *value != 0; ++value) {
    WINNOW_TRY(RegistryTree::Value item, read_value(*value));
    tree.values.push_back(std::move(item));
  }
  const HiveMemory<hive_node_h> children(hivex_node_children(hive_, node));
  if (!children) return damaged_hive(name_);
  for (const hive_node_h* child = children.get(); *child != 0; ++child) {
    WINNOW_CHECK(read_key(*child, depth + 1, tree.children.emplace_back()));
  }
  return {};
}

Result<RegistryTree::Value> HiveReader::read_value(hive_value_h handle) {
  if (++items_ > kMaxHiveItems)
    return refuse("it holds more than " + std::to_string(kMaxHiveItems) + " keys and values");
  const HiveMemory<char> name(hivex_value_key(hive_, handle));
  if (!name) return damaged_hive(name_);
  RegistryTree::Value value{name.get(), 0, {}};
  // Any 32-bit code may stand there, so it must never be looked at as hive_type, which has no such values.
  auto* const type = reinterpret_cast<hive_type*>(&value.type);
  std::size_t length = 0;
  if (hivex_value_type(hive_, handle, type, &length) != 0) return damaged_hive(name_);
  bytes_ += length;
  if (length > kMaxHiveBytes || bytes_ > kMaxHiveBytes) {
    return refuse("its values hold more than " + std::to_string(kMaxHiveBytes) + " bytes");
  }
  if (length == 0) return value;
  const HiveMemory<char> data(hivex_value_value(hive_, handle, type, &length));
  if (!data) return damaged_hive(name_);
  const ByteView bytes = as_bytes({data.get(), length});
  value.data.assign(bytes.begin(), bytes.end());
  return value;
}

}  // namespace

Result<RegistryTree> read_hive(const std::filesystem::path& file, const std::string& name) {
  WINNOW_TRY(const HiveHandle hive, open_hive(file, name));
  return HiveReader(hive.get(), name).read_root();
}

}  // namespace winnow
