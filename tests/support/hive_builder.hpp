// A small registry hive for tests, laid out here after formats/regf.hpp and by nothing of winnow's own writer: keys
// without security cells, names of one byte a character, at most 507 subkeys a key.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "formats/regf.hpp"

namespace winnow::testing {

struct TestValue {
  std::string name;
  std::uint32_t type = 1;
  Bytes data = {};
};

struct TestKey {
  std::string name;
  std::vector<TestValue> values = {};
  std::vector<TestKey> children = {};
};

class HiveBuilder {
 public:
  [[nodiscard]] Bytes build(const TestKey& root) && {
    const std::uint32_t root_cell = put_key(root, regf::kNoCell);
    const std::size_t rest = padding();
    if (rest > 0) cell(Bytes(rest - regf::kCellHeaderSize), false);
    Bytes file(regf::kBaseBlockSize);
    ByteWriter out(file);
    std::copy_n("regf", 4, file.begin());
    for (const std::size_t sequence : {regf::base::kSequence1, regf::base::kSequence2}) out.put_le32_at(sequence, 1);
    out.put_le32_at(regf::base::kMajorVersion, 1);
    out.put_le32_at(regf::base::kMinorVersion, 3);
    out.put_le32_at(regf::base::kFileFormat, 1);
    out.put_le32_at(regf::base::kRootCell, root_cell);
    out.put_le32_at(regf::base::kBinsSize, static_cast<std::uint32_t>(bin_.size()));
    out.put_le32_at(regf::base::kClustering, 1);
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < regf::base::kChecksum; i += 4) sum ^= *read_le<std::uint32_t>(file, i);
    out.put_le32_at(regf::base::kChecksum, sum);
    ByteWriter(bin_).put_le32_at(regf::bin::kSize, static_cast<std::uint32_t>(bin_.size()));
    file.insert(file.end(), bin_.begin(), bin_.end());
    return file;
  }

 private:
  // Bytes to the end of the page, as a multiple of 8 that a free cell can take.
  [[nodiscard]] std::size_t padding() const {
    return (regf::kBinAlignment - bin_.size() % regf::kBinAlignment) % regf::kBinAlignment;
  }

  std::uint32_t cell(const Bytes& content, bool in_use = true) {
    const auto offset = static_cast<std::uint32_t>(bin_.size());
    ByteWriter out(bin_);
    const std::size_t size = (content.size() + regf::kCellHeaderSize + regf::kCellAlignment - 1) /
                             regf::kCellAlignment * regf::kCellAlignment;
    const auto number = static_cast<std::uint32_t>(size);
    out.le32(in_use ? 0u - number : number);
    out.bytes(content);
    out.align(regf::kCellAlignment);
    return offset;
  }

  std::uint32_t put_value(const TestValue& value) {
    const bool is_inline = value.data.size() <= regf::vk::kMaxInlineData;
    const std::uint32_t data_cell = is_inline ? 0 : cell(value.data);
    Bytes content;
    ByteWriter out(content);
    out.text(regf::vk::kSignature);
    out.le16(static_cast<std::uint16_t>(value.name.size()));
    out.le32(static_cast<std::uint32_t>(value.data.size()) | (is_inline ? regf::vk::kInlineData : 0));
    Bytes field = value.data;
    field.resize(regf::vk::kMaxInlineData);
    is_inline ? out.bytes(field) : out.le32(data_cell);
    out.le32(value.type);
    out.le16(regf::vk::kFlagCompressedName);
    out.le16(0);
    out.text(value.name);
    return cell(content);
  }

  std::uint32_t put_key(const TestKey& key, std::uint32_t parent) {
    Bytes content(regf::nk::kName);
    ByteWriter out(content);
    std::copy_n("nk", 2, content.begin());
    const bool is_root = parent == regf::kNoCell;
    out.put_le16_at(regf::nk::kFlags, static_cast<std::uint16_t>(regf::nk::kFlagCompressedName |
                                                                 (is_root ? regf::nk::kFlagHiveRoot : 0)));
    out.put_le32_at(regf::nk::kParent, parent);
    for (const std::size_t place : {regf::nk::kSubkeyList, regf::nk::kVolatileSubkeyList, regf::nk::kValueList,
                                    regf::nk::kSecurity, regf::nk::kClass}) {
      out.put_le32_at(place, regf::kNoCell);
    }
    out.put_le16_at(regf::nk::kNameLength, static_cast<std::uint16_t>(key.name.size()));
    out.text(key.name);
    const std::uint32_t offset = cell(content);
    put_list(
        offset, regf::nk::kValueCount, regf::nk::kValueList, key.values.size(),
        [&](std::size_t i, ByteWriter& list) { list.le32(put_value(key.values[i])); }, "");
    put_list(
        offset, regf::nk::kSubkeyCount, regf::nk::kSubkeyList, key.children.size(),
        [&](std::size_t i, ByteWriter& list) {
          list.le32(put_key(key.children[i], offset));
          std::string hint = key.children[i].name.substr(0, 4);
          hint.resize(4);
          list.text(hint);
        },
        regf::list::kNameHintLeaf);
    return offset;
  }

  // A list cell of `count` entries, named with its count in the key at `offset`.
  template <class PutEntry>
  void put_list(std::uint32_t offset, std::size_t count_place, std::size_t list_place, std::size_t count,
                PutEntry put_entry, std::string_view signature) {
    if (count == 0) return;
    Bytes content;
    ByteWriter out(content);
    out.text(signature);
    if (!signature.empty()) out.le16(static_cast<std::uint16_t>(count));
    for (std::size_t i = 0; i < count; ++i) put_entry(i, out);
    const std::uint32_t list = cell(content);
    ByteWriter key(bin_);
    key.put_le32_at(offset + regf::kCellHeaderSize + count_place, static_cast<std::uint32_t>(count));
    key.put_le32_at(offset + regf::kCellHeaderSize + list_place, list);
  }

  Bytes bin_ = [] {
    Bytes header(regf::kBinHeaderSize);
    std::copy_n("hbin", 4, header.begin());
    return header;
  }();
};

inline Bytes build_hive(const TestKey& root) { return HiveBuilder().build(root); }

}  // namespace winnow::testing
