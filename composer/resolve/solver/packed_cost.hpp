// Costs as single numbers, in the same order, for engines that know only numbers: as many levels, from the highest on,
// as fit. What does not fit counts as nothing, so a packed bound is a bound.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "resolve/cost.hpp"

namespace winnow {

class PackedCost {
 public:
  // For sums over any of `costs`, each at most once, below `limit`.
  PackedCost(const std::vector<Cost>& costs, std::int64_t limit);

  [[nodiscard]] std::int64_t pack(const Cost& cost) const;
  // A cost that is not above any that packs to `packed` or more.
  [[nodiscard]] Cost unpack(std::int64_t packed) const;

 private:
  // A level in units of its greatest common divisor; a unit of it counts `factor`, 0 when it is left out.
  struct Digit {
    std::int64_t unit = 1;
    std::int64_t factor = 0;
  };
  std::array<Digit, kCostLevels> digits_{};
};

}  // namespace winnow
