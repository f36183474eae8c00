// Directory entries of FAT32: short ones, and the long names that stand before them.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow::fat32 {

// One file or directory as its entry describes it.
struct EntryTarget {
  const Inode* inode = nullptr;
  std::uint32_t cluster = 0;  // the first; 0 = none
  std::uint32_t size = 0;     // 0 of directories
};

// How many entries of 32 bytes a name takes. `short_name` as generated, empty when `name` is an 8.3 name itself.
[[nodiscard]] std::size_t entry_count(std::u16string_view name, std::u16string_view short_name);
void append_entries(Bytes& out, std::u16string_view name, std::u16string_view short_name, const EntryTarget& target);
// "." or "..".
void append_dot_entry(Bytes& out, std::string_view dots, const EntryTarget& target);
// `label`: at most 11 characters.
void append_label(Bytes& out, std::string_view label, std::uint64_t filetime);

}  // namespace winnow::fat32
