// Sizes in whole units.
#pragma once

#include <cstdint>

namespace winnow {

// The next multiple of `unit` (not 0) at or above `value`. Precondition: there is one below 2^64.
[[nodiscard]] constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) {
  return (value + unit - 1) / unit * unit;
}

}  // namespace winnow
