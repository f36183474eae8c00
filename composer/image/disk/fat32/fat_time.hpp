// FILETIMEs as FAT keeps them: a date and a time of two seconds, without a time zone (here UTC).
#pragma once

#include <cstdint>

namespace winnow::fat32 {

struct FatTime {
  std::uint16_t date = 0;
  std::uint16_t time = 0;
  std::uint8_t tenths = 0;  // 10 ms that `time` leaves out, up to 199
};

// What is before 1980 is 1980-01-01 00:00:00, what is after 2107 the last moment of it.
[[nodiscard]] FatTime to_fat_time(std::uint64_t filetime);

}  // namespace winnow::fat32
