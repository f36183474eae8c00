// The value of $FILE_NAME, which is also the key of every $I30 entry.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "formats/ntfs.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow::ntfs {

struct FileName {
  std::uint64_t parent = 0;  // reference
  FileTimes times;
  std::uint64_t allocated = 0;    // of the unnamed stream
  std::uint64_t size = 0;         // of the unnamed stream
  std::uint32_t attributes = 0;   // with kDirectoryAttribute, kViewIndexAttribute
  std::uint32_t reparse_tag = 0;  // or the packed size of the EAs
  std::uint8_t name_space = file_name::kWin32AndDos;
  std::u16string_view name;
};

[[nodiscard]] inline std::size_t file_name_size(std::u16string_view name) { return file_name::kName + 2 * name.size(); }
// `out` has file_name_size() zeroed bytes.
void write_file_name(const FileName& value, std::span<std::uint8_t> out);
// Four FILETIMEs, as $STANDARD_INFORMATION has them, too.
void put_times(std::span<std::uint8_t> out, std::size_t at, const FileTimes& times);

}  // namespace winnow::ntfs
