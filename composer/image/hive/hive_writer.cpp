#include "image/hive/hive_writer.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/utf16.hpp"
#include "formats/regf.hpp"
#include "image/hive/hive_buffer.hpp"
#include "image/hive/hive_name.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxDepth = 512;              // Windows' own limit of nested keys
constexpr std::size_t kMaxValueSize = 1024 * 1024;  // what every hive version carries

struct SortedChild {
  std::u16string upper_name;
  const HiveKey* key = nullptr;
  std::uint32_t cell = 0;
};

// A security descriptor of the options that some key uses.
struct SecurityCell {
  std::uint32_t index = 0;  // into HiveOptions::security_descriptors
  std::uint32_t cell = 0;
  std::uint32_t references = 0;
};

class HiveBuilder {
 public:
  explicit HiveBuilder(const HiveOptions& options) : options_(options), buffer_(options.time) {}

  Result<Bytes> build(const HiveKey& root);

 private:
  Result<std::uint32_t> write_key(const HiveKey& key, std::string_view stored_as, std::uint32_t parent);
  Result<void> write_security(const HiveKey& key, std::uint32_t key_cell);
  Result<void> write_values(const HiveKey& key, std::uint32_t key_cell);
  Result<std::uint32_t> write_value(const HiveValue& value, const HiveName& name);
  Result<std::uint32_t> write_big_data(const Bytes& data);
  Result<void> write_subkeys(const HiveKey& key, std::uint32_t key_cell);
  Result<std::vector<SortedChild>> sort_children(const HiveKey& key) const;
  Result<std::uint32_t> write_subkey_lists(const std::vector<SortedChild>& children);
  Result<std::uint32_t> write_leaf(const SortedChild* first, std::size_t count);
  Result<std::uint32_t> write_cell(ByteView content);
  void link_security_ring();
  [[nodiscard]] bool is_old() const { return options_.minor_version < regf::db::kFirstMinorVersion; }
  [[nodiscard]] std::string place(const std::string& tail) const;
  [[nodiscard]] tl::unexpected<Error> key_failure(const std::string& reason) const;
  [[nodiscard]] tl::unexpected<Error> value_failure(const HiveValue& value, const std::string& reason) const;

  const HiveOptions& options_;
  HiveBuffer buffer_;
  std::vector<SecurityCell> security_;  // in order of first use
  std::vector<std::string> path_;       // names from below the root to the key being written
};

std::string HiveBuilder::place(const std::string& tail) const {
  std::string text = options_.file_name.substr(options_.file_name.rfind('\\') + 1);
  for (const std::string& name : path_) text += "\\" + name;
  return "\"" + text + tail + "\": ";
}

tl::unexpected<Error> HiveBuilder::key_failure(const std::string& reason) const {
  return fail("cannot write registry key " + place("") + reason);
}

tl::unexpected<Error> HiveBuilder::value_failure(const HiveValue& value, const std::string& reason) const {
  return fail("cannot write registry value " + place("\\" + value.name) + reason);
}

Result<Bytes> HiveBuilder::build(const HiveKey& root) {
  const auto file_name = to_utf16le(options_.file_name, false);
  if (!file_name) return fail("cannot write hive: its file name is not UTF-8");
  WINNOW_TRY(const std::uint32_t cell, write_key(root, options_.root_name, regf::kNoCell));
  buffer_.put_le16(cell, regf::nk::kFlags,
                   regf::nk::kFlagHiveRoot | regf::nk::kFlagNoDelete |
                       (make_hive_name(options_.root_name)->compressed ? regf::nk::kFlagCompressedName : 0));
  link_security_ring();
  return std::move(buffer_).finish(cell, options_.minor_version, *file_name);
}

namespace {

std::uint16_t flags_of(const HiveKey& key, const HiveName& name) {
  constexpr std::uint32_t kRegLink = 6;  // winnt.h
  const bool is_link = std::any_of(key.values.begin(), key.values.end(), [](const HiveValue& value) {
    return value.type == kRegLink && ascii_iequals(value.name, "SymbolicLinkValue");
  });
  return static_cast<std::uint16_t>((name.compressed ? regf::nk::kFlagCompressedName : 0) |
                                    (is_link ? regf::nk::kFlagSymbolicLink : 0));
}

}  // namespace

Result<std::uint32_t> HiveBuilder::write_key(const HiveKey& key, std::string_view stored_as, std::uint32_t parent) {
  if (path_.size() > kMaxDepth) return key_failure("keys are nested deeper than 512 levels");
  const auto name = make_hive_name(stored_as);
  if (!name) return key_failure("its name is not UTF-8");
  if (name->units > regf::nk::kMaxNameUnits) return key_failure("its name is longer than 255 characters");
  WINNOW_TRY(const std::uint32_t cell, buffer_.allocate(regf::nk::kName + name->stored.size()));
  buffer_.put_bytes(cell, 0, as_bytes(regf::nk::kSignature));
  buffer_.put_le16(cell, regf::nk::kFlags, flags_of(key, *name));
  buffer_.put_le32(cell, regf::nk::kTime, static_cast<std::uint32_t>(options_.time));
  buffer_.put_le32(cell, regf::nk::kTime + 4, static_cast<std::uint32_t>(options_.time >> 32));
  buffer_.put_le32(cell, regf::nk::kParent, parent);
  buffer_.put_le32(cell, regf::nk::kSubkeyList, regf::kNoCell);
  buffer_.put_le32(cell, regf::nk::kVolatileSubkeyList, regf::kNoCell);
  buffer_.put_le32(cell, regf::nk::kValueList, regf::kNoCell);
  buffer_.put_le32(cell, regf::nk::kClass, regf::kNoCell);
  buffer_.put_le16(cell, regf::nk::kNameLength, static_cast<std::uint16_t>(name->stored.size()));
  buffer_.put_bytes(cell, regf::nk::kName, name->stored);
  WINNOW_CHECK(write_security(key, cell));
  WINNOW_CHECK(write_values(key, cell));
  WINNOW_CHECK(write_subkeys(key, cell));
  return cell;
}

Result<void> HiveBuilder::write_security(const HiveKey& key, std::uint32_t key_cell) {
  if (key.security >= options_.security_descriptors.size()) {
    return key_failure("it has security descriptor " + std::to_string(key.security) + " of " +
                       std::to_string(options_.security_descriptors.size()));
  }
  auto used =
      std::find_if(security_.begin(), security_.end(), [&](const auto& cell) { return cell.index == key.security; });
  if (used == security_.end()) {
    const Bytes& descriptor = options_.security_descriptors[key.security];
    WINNOW_TRY(const std::uint32_t cell, buffer_.allocate(regf::sk::kDescriptor + descriptor.size()));
    buffer_.put_bytes(cell, 0, as_bytes(regf::sk::kSignature));
    buffer_.put_le32(cell, regf::sk::kLength, static_cast<std::uint32_t>(descriptor.size()));
    buffer_.put_bytes(cell, regf::sk::kDescriptor, descriptor);
    used = security_.insert(security_.end(), {key.security, cell, 0});
  }
  ++used->references;
  buffer_.put_le32(key_cell, regf::nk::kSecurity, used->cell);
  return {};
}

void HiveBuilder::link_security_ring() {
  const std::size_t count = security_.size();
  for (std::size_t i = 0; i < count; ++i) {
    buffer_.put_le32(security_[i].cell, regf::sk::kNext, security_[(i + 1) % count].cell);
    buffer_.put_le32(security_[i].cell, regf::sk::kPrevious, security_[(i + count - 1) % count].cell);
    buffer_.put_le32(security_[i].cell, regf::sk::kReferences, security_[i].references);
  }
}

Result<void> HiveBuilder::write_values(const HiveKey& key, std::uint32_t key_cell) {
  if (key.values.empty()) return {};
  WINNOW_TRY(const std::uint32_t list, buffer_.allocate(key.values.size() * 4));
  std::set<std::u16string> seen;
  std::size_t longest_name = 0;
  std::size_t longest_data = 0;
  for (std::size_t i = 0; i < key.values.size(); ++i) {
    const HiveValue& value = key.values[i];
    const auto name = make_hive_name(value.name);
    if (!name) return value_failure(value, "its name is not UTF-8");
    if (name->units > regf::vk::kMaxNameUnits) return value_failure(value, "its name is longer than 16383 characters");
    if (!seen.insert(case_key(value.name)).second)
      return value_failure(value, "the key has another value of that name");
    if (value.data.size() > kMaxValueSize) {
      return value_failure(value, "it has " + std::to_string(value.data.size()) + " bytes, more than 1 MiB");
    }
    WINNOW_TRY(const std::uint32_t cell, write_value(value, *name));
    buffer_.put_le32(list, i * 4, cell);
    longest_name = std::max(longest_name, name->units * 2);
    longest_data = std::max(longest_data, value.data.size());
  }
  buffer_.put_le32(key_cell, regf::nk::kValueCount, static_cast<std::uint32_t>(key.values.size()));
  buffer_.put_le32(key_cell, regf::nk::kValueList, list);
  buffer_.put_le32(key_cell, regf::nk::kMaxValueName, static_cast<std::uint32_t>(longest_name));
  buffer_.put_le32(key_cell, regf::nk::kMaxValueData, static_cast<std::uint32_t>(longest_data));
  return {};
}

Result<std::uint32_t> HiveBuilder::write_value(const HiveValue& value, const HiveName& name) {
  WINNOW_TRY(const std::uint32_t cell, buffer_.allocate(regf::vk::kName + name.stored.size()));
  buffer_.put_bytes(cell, 0, as_bytes(regf::vk::kSignature));
  buffer_.put_le16(cell, regf::vk::kNameLength, static_cast<std::uint16_t>(name.stored.size()));
  buffer_.put_le32(cell, regf::vk::kType, value.type);
  // Windows leaves the flag clear on the nameless default value.
  const bool is_compressed = name.compressed && !name.stored.empty();
  buffer_.put_le16(cell, regf::vk::kFlags, is_compressed ? regf::vk::kFlagCompressedName : 0);
  buffer_.put_bytes(cell, regf::vk::kName, name.stored);
  const auto size = static_cast<std::uint32_t>(value.data.size());
  if (size <= regf::vk::kMaxInlineData) {
    buffer_.put_le32(cell, regf::vk::kDataLength, size | regf::vk::kInlineData);
    buffer_.put_bytes(cell, regf::vk::kData, value.data);
    return cell;
  }
  buffer_.put_le32(cell, regf::vk::kDataLength, size);
  const bool is_segmented = size > regf::db::kSegmentSize && !is_old();
  WINNOW_TRY(const std::uint32_t data, is_segmented ? write_big_data(value.data) : write_cell(value.data));
  buffer_.put_le32(cell, regf::vk::kData, data);
  return cell;
}

Result<std::uint32_t> HiveBuilder::write_big_data(const Bytes& data) {
  const std::size_t count = (data.size() + regf::db::kSegmentSize - 1) / regf::db::kSegmentSize;
  WINNOW_TRY(const std::uint32_t cell, buffer_.allocate(regf::db::kSize));
  WINNOW_TRY(const std::uint32_t list, buffer_.allocate(count * 4));
  buffer_.put_bytes(cell, 0, as_bytes(regf::db::kSignature));
  buffer_.put_le16(cell, regf::db::kCount, static_cast<std::uint16_t>(count));
  buffer_.put_le32(cell, regf::db::kList, list);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t start = i * regf::db::kSegmentSize;
    const std::size_t size = std::min(regf::db::kSegmentSize, data.size() - start);
    WINNOW_TRY(const std::uint32_t segment, write_cell(ByteView(data).subspan(start, size)));
    buffer_.put_le32(list, i * 4, segment);
  }
  return cell;
}

Result<std::uint32_t> HiveBuilder::write_cell(ByteView content) {
  WINNOW_TRY(const std::uint32_t cell, buffer_.allocate(content.size()));
  buffer_.put_bytes(cell, 0, content);
  return cell;
}

Result<std::vector<SortedChild>> HiveBuilder::sort_children(const HiveKey& key) const {
  std::vector<SortedChild> sorted;
  sorted.reserve(key.children.size());
  for (const HiveKey& child : key.children) sorted.push_back({case_key(child.name), &child, 0});
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.upper_name < b.upper_name; });
  const auto twin = std::adjacent_find(sorted.begin(), sorted.end(),
                                       [](const auto& a, const auto& b) { return a.upper_name == b.upper_name; });
  if (twin == sorted.end()) return sorted;
  const auto [first, second] = std::minmax(twin->key->name, std::next(twin)->key->name);
  return key_failure("it has two subkeys of one name, \"" + first + "\" and \"" + second + "\"");
}

Result<void> HiveBuilder::write_subkeys(const HiveKey& key, std::uint32_t key_cell) {
  if (key.children.empty()) return {};
  WINNOW_TRY(std::vector<SortedChild> children, sort_children(key));
  std::size_t longest_name = 0;
  for (SortedChild& child : children) {
    path_.push_back(child.key->name);
    WINNOW_TRY(child.cell, write_key(*child.key, child.key->name, key_cell));
    path_.pop_back();
    longest_name = std::max(longest_name, child.upper_name.size() * 2);
  }
  WINNOW_TRY(const std::uint32_t list, write_subkey_lists(children));
  buffer_.put_le32(key_cell, regf::nk::kSubkeyCount, static_cast<std::uint32_t>(children.size()));
  buffer_.put_le32(key_cell, regf::nk::kSubkeyList, list);
  buffer_.put_le32(key_cell, regf::nk::kMaxSubkeyName, static_cast<std::uint32_t>(longest_name));
  return {};
}

Result<std::uint32_t> HiveBuilder::write_subkey_lists(const std::vector<SortedChild>& children) {
  constexpr std::size_t kPerLeaf = regf::list::kMaxLeafEntries;
  if (children.size() <= kPerLeaf) return write_leaf(children.data(), children.size());
  const std::size_t count = (children.size() + kPerLeaf - 1) / kPerLeaf;
  if (count > 0xFFFF) return key_failure("it has " + std::to_string(children.size()) + " subkeys");
  WINNOW_TRY(const std::uint32_t root, buffer_.allocate(regf::list::kEntries + count * 4));
  buffer_.put_bytes(root, 0, as_bytes(regf::list::kRoot));
  buffer_.put_le16(root, regf::list::kCount, static_cast<std::uint16_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t start = i * kPerLeaf;
    WINNOW_TRY(const std::uint32_t leaf,
               write_leaf(children.data() + start, std::min(kPerLeaf, children.size() - start)));
    buffer_.put_le32(root, regf::list::kEntries + i * 4, leaf);
  }
  return root;
}

Result<std::uint32_t> HiveBuilder::write_leaf(const SortedChild* first, std::size_t count) {
  WINNOW_TRY(const std::uint32_t leaf, buffer_.allocate(regf::list::kEntries + count * 8));
  buffer_.put_bytes(leaf, 0, as_bytes(is_old() ? regf::list::kNameHintLeaf : regf::list::kHashLeaf));
  buffer_.put_le16(leaf, regf::list::kCount, static_cast<std::uint16_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = regf::list::kEntries + i * 8;
    buffer_.put_le32(leaf, entry, first[i].cell);
    if (is_old()) {
      // A name that needs UTF-16 has no hint.
      const HiveName name = *make_hive_name(first[i].key->name);
      const std::size_t hint = name.compressed ? std::min<std::size_t>(name.stored.size(), 4) : 0;
      buffer_.put_bytes(leaf, entry + 4, ByteView(name.stored).first(hint));
    } else {
      buffer_.put_le32(leaf, entry + 4, name_hash(first[i].upper_name));
    }
  }
  return leaf;
}

}  // namespace

Result<Bytes> write_hive(const HiveKey& root, const HiveOptions& options) { return HiveBuilder(options).build(root); }

}  // namespace winnow
