// What a choice costs, as numbers that are compared level by level: a lower level decides only between choices that are
// equal on all higher ones. Every output that claims a minimum states these levels.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

namespace winnow {

// From the highest to the lowest. After all of them comes the canonical order of names (see Problem).
enum class CostLevel : std::uint8_t {
  penalty,  // policy: deprecated components, recommended ones that are missing though the policy is `on`
  change,   // differences from a lock file that is being updated
  bytes,    // in the chosen measure, and the threshold of `prefer` where a default is not kept
  wish,     // recommended components that are missing though the policy is `if-free`
  age,      // for each component, the versions of its name that are newer
  count,    // components
};
inline constexpr std::size_t kCostLevels = 6;

[[nodiscard]] std::string_view to_string(CostLevel level);

// A vector compared lexicographically: addition keeps the order, so a Cost can be a weight like any number.
struct Cost {
  std::array<std::int64_t, kCostLevels> levels{};

  [[nodiscard]] static Cost of(CostLevel level, std::int64_t amount) {
    Cost cost;
    cost[level] = amount;
    return cost;
  }
  [[nodiscard]] std::int64_t& operator[](CostLevel level) { return levels[static_cast<std::size_t>(level)]; }
  [[nodiscard]] std::int64_t operator[](CostLevel level) const { return levels[static_cast<std::size_t>(level)]; }

  Cost& operator+=(const Cost& other) {
    for (std::size_t i = 0; i < kCostLevels; ++i) levels[i] += other.levels[i];
    return *this;
  }
  Cost& operator-=(const Cost& other) {
    for (std::size_t i = 0; i < kCostLevels; ++i) levels[i] -= other.levels[i];
    return *this;
  }
  friend Cost operator+(Cost a, const Cost& b) { return a += b; }
  friend Cost operator-(Cost a, const Cost& b) { return a -= b; }
  [[nodiscard]] bool is_zero() const { return *this == Cost{}; }

  auto operator<=>(const Cost&) const = default;
};

}  // namespace winnow
