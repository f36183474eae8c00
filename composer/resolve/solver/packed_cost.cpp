#include "resolve/solver/packed_cost.hpp"

#include <numeric>

namespace winnow {

PackedCost::PackedCost(const std::vector<Cost>& costs, std::int64_t limit) {
  std::array<std::int64_t, kCostLevels> radix{};
  std::size_t used = 0;
  std::int64_t product = 1;
  for (std::size_t level = 0; level < kCostLevels; ++level, ++used) {
    std::int64_t unit = 0, sum = 0;
    for (const Cost& cost : costs) {
      unit = std::gcd(unit, cost.levels[level]);
      sum += cost.levels[level];
    }
    digits_[level].unit = unit == 0 ? 1 : unit;
    radix[level] = sum / digits_[level].unit + 1;
    if (radix[level] > limit / product) break;
    product *= radix[level];
  }
  std::int64_t factor = 1;
  for (std::size_t level = used; level-- > 0;) {
    digits_[level].factor = factor;
    factor *= radix[level];
  }
}

std::int64_t PackedCost::pack(const Cost& cost) const {
  std::int64_t packed = 0;
  for (std::size_t level = 0; level < kCostLevels; ++level)
    packed += cost.levels[level] / digits_[level].unit * digits_[level].factor;
  return packed;
}

Cost PackedCost::unpack(std::int64_t packed) const {
  Cost cost;
  for (std::size_t level = 0; level < kCostLevels && digits_[level].factor != 0; ++level) {
    cost.levels[level] = packed / digits_[level].factor * digits_[level].unit;
    packed %= digits_[level].factor;
  }
  return cost;
}

}  // namespace winnow
