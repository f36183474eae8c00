#include "size_analyzer/history/history_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace winnow {

namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kLastSecond = 253402300799;  // of the year 9999

template <class Number>
std::optional<Number> number_of(std::string_view digits) {
  Number number{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_digits =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_digits || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

// The parts of `text` where `pattern` has '0's, every other character being the same; nothing when they differ.
std::optional<std::array<int, 6>> parts_of(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return std::nullopt;
  std::array<int, 6> parts{1970, 1, 1, 0, 0, 0};
  std::size_t part = 0;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t end = std::min(pattern.find_first_not_of('0', at), pattern.size());
    if (end == at) {
      if (text[at] != pattern[at]) return std::nullopt;
      ++at;
      continue;
    }
    const auto number = number_of<int>(text.substr(at, end - at));
    if (!number) return std::nullopt;
    parts[part++] = *number;
    at = end;
  }
  return parts;
}

std::optional<std::int64_t> seconds_of(const std::array<int, 6>& parts) {
  const std::chrono::year_month_day day{std::chrono::year(parts[0]),
                                        std::chrono::month(static_cast<unsigned>(parts[1])),
                                        std::chrono::day(static_cast<unsigned>(parts[2]))};
  if (!day.ok() || parts[0] < 1970 || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
  return days * kDay + parts[3] * 3600 + parts[4] * 60 + parts[5];
}

}  // namespace

std::optional<std::int64_t> parse_build_time(std::string_view text) {
  for (const std::string_view pattern :
       {"0000-00-00", "0000-00-00T00:00", "0000-00-00T00:00Z", "0000-00-00T00:00:00", "0000-00-00T00:00:00Z"}) {
    if (const auto parts = parts_of(text, pattern)) return seconds_of(*parts);
  }
  const auto seconds = number_of<std::int64_t>(text);
  return seconds && *seconds <= kLastSecond ? seconds : std::nullopt;
}

std::string print_build_time(std::int64_t seconds) {
  const std::int64_t clamped = std::clamp<std::int64_t>(seconds, 0, kLastSecond);
  const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(clamped / kDay))};
  const auto in_day = static_cast<int>(clamped % kDay);
  std::array<char, 40> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                                 static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  if (in_day == 0) return text.data();
  const std::size_t used = static_cast<std::size_t>(size);
  std::snprintf(text.data() + used, text.size() - used, "T%02d:%02d:%02dZ", in_day / 3600, in_day / 60 % 60,
                in_day % 60);
  return text.data();
}

}  // namespace winnow
