// Tries every set of the small connected parts of a problem: that none costs less than the solution's, and that none of
// the same cost comes first in canonical order.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "resolve/problem.hpp"

namespace winnow {

inline constexpr std::size_t kMostPartVariables = 22;
inline constexpr std::uint64_t kMostPartSteps = 20'000'000;  // in all parts, the smallest first

struct PartCheck {
  std::vector<Fault> faults;
  std::uint32_t variables = 0;  // in the parts that were enumerated
  std::uint32_t parts = 0;
};

// `decided`, by Variable: 1 and -1 are what follows from the clauses, 0 is open. `chosen`, by Variable: the solution.
[[nodiscard]] PartCheck check_parts(const Problem& problem, std::span<const std::int8_t> decided,
                                    const std::vector<bool>& chosen);

}  // namespace winnow
