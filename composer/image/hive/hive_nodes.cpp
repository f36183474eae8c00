#include "image/hive/hive_nodes.hpp"

#include <algorithm>

#include "formats/regf.hpp"
#include "image/hive/hive_cells.hpp"

namespace winnow {

namespace {

std::uint16_t field16(ByteView content, std::size_t offset) { return *read_le<std::uint16_t>(content, offset); }
std::uint32_t field32(ByteView content, std::size_t offset) { return *read_le<std::uint32_t>(content, offset); }

std::optional<std::u16string> read_name(ByteView content, std::size_t offset, std::size_t length, bool is_compressed) {
  const auto stored = slice(content, offset, length);
  if (!stored || (!is_compressed && length % 2 != 0)) return std::nullopt;
  if (is_compressed) return std::u16string(stored->begin(), stored->end());
  std::u16string name;
  for (std::size_t i = 0; i < length; i += 2) name += static_cast<char16_t>(field16(*stored, i));
  return name;
}

Result<void> read_leaf(std::uint32_t cell, ByteView leaf, std::vector<std::uint32_t>& out) {
  const std::string_view signature = as_text(leaf.first(2));
  const bool has_hints = signature == regf::list::kNameHintLeaf || signature == regf::list::kHashLeaf;
  if (!has_hints && signature != regf::list::kPlainLeaf) return hive_failure(cell, "it is no list of subkeys");
  const std::size_t count = field16(leaf, regf::list::kCount);
  const std::size_t entry_size = has_hints ? 8 : 4;
  if (!slice(leaf, regf::list::kEntries, count * entry_size)) return hive_failure(cell, "its list is cut off");
  for (std::size_t i = 0; i < count; ++i) out.push_back(field32(leaf, regf::list::kEntries + i * entry_size));
  return {};
}

}  // namespace

KeyNode read_key_node(ByteView content) {
  KeyNode key;
  key.flags = field16(content, regf::nk::kFlags);
  key.parent = field32(content, regf::nk::kParent);
  key.subkey_count = field32(content, regf::nk::kSubkeyCount);
  key.subkey_list = field32(content, regf::nk::kSubkeyList);
  key.value_count = field32(content, regf::nk::kValueCount);
  key.value_list = field32(content, regf::nk::kValueList);
  key.security = field32(content, regf::nk::kSecurity);
  key.name = read_name(content, regf::nk::kName, field16(content, regf::nk::kNameLength),
                       (key.flags & regf::nk::kFlagCompressedName) != 0);
  return key;
}

ValueNode read_value_node(ByteView content) {
  ValueNode value;
  const std::uint32_t length = field32(content, regf::vk::kDataLength);
  value.is_inline = (length & regf::vk::kInlineData) != 0;
  value.length = length & ~regf::vk::kInlineData;
  value.data = field32(content, regf::vk::kData);
  value.type = field32(content, regf::vk::kType);
  value.name = read_name(content, regf::vk::kName, field16(content, regf::vk::kNameLength),
                         (field16(content, regf::vk::kFlags) & regf::vk::kFlagCompressedName) != 0);
  return value;
}

Result<std::vector<std::uint32_t>> read_subkey_list(std::uint32_t list, const FetchCell& fetch) {
  std::vector<std::uint32_t> keys;
  const auto content = fetch(list, "", regf::list::kEntries);
  if (!content) return hive_failure(list, "no list of subkeys is there");
  if (as_text(content->first(2)) != regf::list::kRoot) {
    WINNOW_CHECK(read_leaf(list, *content, keys));
    return keys;
  }
  const std::size_t count = field16(*content, regf::list::kCount);
  if (!slice(*content, regf::list::kEntries, count * 4)) return hive_failure(list, "its list is cut off");
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t leaf = field32(*content, regf::list::kEntries + i * 4);
    const auto leaf_content = fetch(leaf, "", regf::list::kEntries);
    if (!leaf_content) return hive_failure(leaf, "no list of subkeys is there");
    WINNOW_CHECK(read_leaf(leaf, *leaf_content, keys));
  }
  return keys;
}

Result<std::vector<std::uint32_t>> read_value_list(std::uint32_t list, std::uint32_t count, const FetchCell& fetch) {
  std::vector<std::uint32_t> values;
  if (count == 0) return values;
  const auto content = fetch(list, "", 0);
  if (!content || !slice(*content, 0, std::uint64_t{count} * 4))
    return hive_failure(list, "its list of values is cut off");
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) values.push_back(field32(*content, i * 4));
  return values;
}

namespace {

Result<Bytes> read_segments(std::uint32_t cell, ByteView header, std::uint32_t length, const FetchCell& fetch) {
  const std::size_t count = field16(header, regf::db::kCount);
  const auto list = fetch(field32(header, regf::db::kList), "", count * 4);
  if (!list) return hive_failure(cell, "its list of segments is cut off");
  Bytes data;
  for (std::size_t i = 0; i < count && data.size() < length; ++i) {
    const std::size_t size = std::min<std::size_t>(regf::db::kSegmentSize, length - data.size());
    const auto segment = fetch(field32(*list, i * 4), "", size);
    if (!segment) return hive_failure(cell, "a segment of its data is cut off");
    data.insert(data.end(), segment->begin(), segment->begin() + static_cast<std::ptrdiff_t>(size));
  }
  if (data.size() != length) return hive_failure(cell, "its segments are shorter than its data");
  return data;
}

}  // namespace

Result<Bytes> read_value_data(std::uint32_t cell, const ValueNode& value, std::uint32_t minor_version,
                              const FetchCell& fetch) {
  Bytes data;
  if (value.is_inline) {
    if (value.length > regf::vk::kMaxInlineData) return hive_failure(cell, "its inline data is longer than 4 bytes");
    ByteWriter(data).le32(value.data);
    data.resize(value.length);
    return data;
  }
  if (value.length == 0) return data;
  if (value.length > regf::db::kSegmentSize && minor_version >= regf::db::kFirstMinorVersion) {
    const auto header = fetch(value.data, regf::db::kSignature, regf::db::kSize);
    if (!header) return hive_failure(cell, "no segmented data is where it says");
    return read_segments(cell, *header, value.length, fetch);
  }
  const auto content = fetch(value.data, "", value.length);
  if (!content) return hive_failure(cell, "its data is cut off");
  data.assign(content->begin(), content->begin() + static_cast<std::ptrdiff_t>(value.length));
  return data;
}

}  // namespace winnow
