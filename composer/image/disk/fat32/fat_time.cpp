#include "image/disk/fat32/fat_time.hpp"

#include <chrono>

#include "formats/fat32.hpp"

namespace winnow::fat32 {

FatTime to_fat_time(std::uint64_t filetime) {
  using namespace std::chrono;
  constexpr std::uint64_t kPerHundredth = 100'000;
  const auto hundredths = filetime / kPerHundredth;
  const auto since_1601 = seconds(static_cast<std::int64_t>(hundredths / 100));
  const sys_seconds moment = sys_days(year(1601) / January / 1) + since_1601;
  const sys_days day = floor<days>(moment);
  const year_month_day date(day);
  if (int(date.year()) < int(kFirstYear)) return {(1 << 5) | 1, 0, 0};
  if (int(date.year()) > int(kLastYear)) {
    return {static_cast<std::uint16_t>((kLastYear - kFirstYear) << 9 | 12 << 5 | 31), 23 << 11 | 59 << 5 | 29, 199};
  }
  const auto of_day = static_cast<unsigned>((moment - day).count());
  const auto years = static_cast<unsigned>(int(date.year())) - kFirstYear;
  FatTime out;
  out.date = static_cast<std::uint16_t>(years << 9 | unsigned(date.month()) << 5 | unsigned(date.day()));
  out.time = static_cast<std::uint16_t>(of_day / 3600 << 11 | of_day / 60 % 60 << 5 | of_day % 60 / 2);
  out.tenths = static_cast<std::uint8_t>(of_day % 2 * 100 + hundredths % 100);
  return out;
}

}  // namespace winnow::fat32
