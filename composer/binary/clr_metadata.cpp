#include "binary/clr_metadata.hpp"

#include <algorithm>
#include <bit>

#include "base/utf16.hpp"
#include "binary/clr_tables.hpp"

namespace winnow {
namespace {

// Limit against hostile input; System.Private.CoreLib has 17 rows.
constexpr std::size_t kMaxModuleRefs = 4096;

// ECMA-335 II.25.3.3: the CLI header.
constexpr std::size_t kCliMetadataRva = 8;
constexpr std::size_t kCliMetadataSize = 12;
// II.24.2.1: the metadata root.
constexpr std::uint32_t kRootSignature = 0x424a5342;
constexpr std::size_t kRootVersionLength =
    12;  // le32; the version's text follows, then flags (le16) and the stream count
constexpr std::size_t kRootVersion = 16;
constexpr std::size_t kMaxStreamName = 32;  // II.24.2.2
// II.24.2.6: the #~ stream.
constexpr std::size_t kHeapSizes = 6;  // u8
constexpr std::size_t kValidMask = 8;  // le64; le64 sorted mask, then a le32 row count per table there is
constexpr std::size_t kRowCounts = 24;
constexpr std::uint8_t kHasExtraData = 0x40;  // HeapSizes bit: a le32 stands between the row counts and the tables

class MetadataReader {
 public:
  explicit MetadataReader(const PeImage& image) : image_(image) {}

  [[nodiscard]] Result<std::vector<std::string>> read() && {
    const DataDirectory directory = image_.directory(pe::Directory::clr);
    if (directory.rva == 0) return std::vector<std::string>{};
    constexpr std::string_view kWhat = "the CLR header";
    WINNOW_TRY(const std::uint32_t rva, image_.le32_at(std::uint64_t{directory.rva} + kCliMetadataRva, kWhat));
    WINNOW_TRY(const std::uint32_t size, image_.le32_at(std::uint64_t{directory.rva} + kCliMetadataSize, kWhat));
    WINNOW_TRY(metadata_, image_.bytes_at(rva, size, "the .NET metadata"));
    WINNOW_CHECK(find_streams());
    if (tables_.empty()) return std::vector<std::string>{};
    return read_tables();
  }

 private:
  [[nodiscard]] Result<void> find_streams() {
    const auto version_length = read_le<std::uint32_t>(metadata_, kRootVersionLength);
    if (!version_length || read_le<std::uint32_t>(metadata_, 0) != kRootSignature) {
      return image_.broken("its .NET metadata has no signature");
    }
    std::uint64_t at = kRootVersion + std::uint64_t{*version_length} + sizeof(std::uint16_t);
    const auto count = read_le<std::uint16_t>(metadata_, at);
    if (!count) return image_.broken("its .NET metadata has no stream table");
    at += sizeof(std::uint16_t);
    for (std::uint16_t i = 0; i < *count; ++i) WINNOW_CHECK(read_stream_header(at));
    return {};
  }

  // Moves `at` behind the header: le32 offset, le32 size, a name with its NULs up to a multiple of 4.
  [[nodiscard]] Result<void> read_stream_header(std::uint64_t& at) {
    const auto offset = read_le<std::uint32_t>(metadata_, at);
    const auto size = read_le<std::uint32_t>(metadata_, at + 4);
    if (!offset || !size) return image_.broken("the stream table of its .NET metadata is cut off");
    const auto stream = slice(metadata_, *offset, *size);
    if (!stream) return image_.broken("a stream of its .NET metadata lies outside of it");
    const std::string_view rest = as_text(metadata_.subspan(static_cast<std::size_t>(at + 8)));
    const std::string_view name = rest.substr(0, std::min(rest.find('\0'), kMaxStreamName));
    if (name == "#~" || name == "#-") tables_ = *stream;
    if (name == "#Strings") strings_ = *stream;
    at += 8 + (name.size() / 4 + 1) * 4;
    return {};
  }

  [[nodiscard]] Result<std::vector<std::string>> read_tables() {
    const auto valid = read_le<std::uint64_t>(tables_, kValidMask);
    if (!valid) return image_.broken("the table stream of its .NET metadata is cut off");
    heap_sizes_ = tables_[kHeapSizes];
    std::uint64_t at = kRowCounts;
    for (std::size_t table = 0; table < clr::kTableCount; ++table) {
      if ((*valid >> table & 1) == 0) continue;
      const auto rows = read_le<std::uint32_t>(tables_, at);
      if (!rows) return image_.broken("the row counts of its .NET metadata are cut off");
      row_counts_[table] = *rows;
      at += sizeof(std::uint32_t);
    }
    if ((heap_sizes_ & kHasExtraData) != 0) at += sizeof(std::uint32_t);
    for (std::size_t table = 0; table < clr::kModuleRef; ++table)
      at += row_counts_[table] * row_size(clr::kRows[table]);
    return read_rows(at);
  }

  [[nodiscard]] Result<std::vector<std::string>> read_rows(std::uint64_t at) const {
    const std::uint64_t count = row_counts_[clr::kModuleRef];
    if (count > kMaxModuleRefs) {
      return image_.broken("its .NET metadata has more than " + std::to_string(kMaxModuleRefs) + " module references");
    }
    std::vector<std::string> names;
    const std::uint64_t width = column_size(clr::kString);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto row = slice(tables_, at + i * width, width);
      if (!row) return image_.broken("the ModuleRef table of its .NET metadata is cut off");
      const std::uint32_t offset = width == 4 ? *read_le<std::uint32_t>(*row, 0) : *read_le<std::uint16_t>(*row, 0);
      WINNOW_TRY(std::string name, read_string(offset));
      names.push_back(std::move(name));
    }
    return names;
  }

  [[nodiscard]] Result<std::string> read_string(std::uint32_t offset) const {
    const auto heap = slice(strings_, offset, 0) ? as_text(strings_.subspan(offset)) : std::string_view{};
    const std::string_view text = heap.substr(0, kMaxPeNameLength + 1);
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos) return image_.broken("a string of its .NET metadata lies outside the heap");
    if (!to_utf16(text.substr(0, end))) return image_.broken("a string of its .NET metadata is not UTF-8");
    return std::string(text.substr(0, end));
  }

  [[nodiscard]] std::uint64_t row_size(const clr::Row& row) const {
    std::uint64_t size = 0;
    for (const clr::Column& column : row) size += column_size(column);
    return size;
  }

  [[nodiscard]] std::uint64_t column_size(const clr::Column& column) const {
    if (column.heap != 0) return (heap_sizes_ & column.heap) != 0 ? 4 : 2;
    if (column.tables.empty()) return column.size;
    std::uint32_t rows = 0;
    for (const clr::Table table : column.tables) rows = std::max(rows, row_counts_[table]);
    return rows < std::uint32_t{1} << (16 - column.tag_bits) ? 2 : 4;
  }

  const PeImage& image_;
  ByteView metadata_;
  ByteView tables_;
  ByteView strings_;
  std::uint8_t heap_sizes_ = 0;
  std::array<std::uint32_t, clr::kTableCount> row_counts_{};
};

}  // namespace

Result<std::vector<std::string>> read_module_refs(const PeImage& image) { return MetadataReader(image).read(); }

}  // namespace winnow
