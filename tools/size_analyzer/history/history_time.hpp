// The time of a build as people write it. There is no clock here: what nobody gave is unknown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

// Seconds since 1970 of "2026-11-22", "2026-11-22T07:30", "2026-11-22T07:30:00Z" (UTC, years 1970 to 9999) or
// "1700000000".
[[nodiscard]] std::optional<std::int64_t> parse_build_time(std::string_view text);

// "2026-11-22" at midnight, else "2026-11-22T07:30:00Z".
[[nodiscard]] std::string print_build_time(std::int64_t seconds);

}  // namespace winnow
