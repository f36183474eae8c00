// The entries of one FAT32 directory, long names joined to their short ones.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace winnow::check {

struct FatEntry {
  std::string name;  // long, or the short one; printable
  std::string short_name;
  std::uint8_t attributes = 0;
  std::uint32_t cluster = 0;
  std::uint32_t size = 0;
};

// Entries up to the end mark, the volume label left out. `report` gets what is wrong with names.
[[nodiscard]] std::vector<FatEntry> parse_fat_directory(ByteView bytes,
                                                        const std::function<void(const std::string&)>& report);

}  // namespace winnow::check
