// The smallest changes of a request that make an impossible goal possible.
#pragma once

#include <cstddef>
#include <vector>

#include "resolve/explain/clash.hpp"

namespace winnow {

// Exact: each one is tried. Searches changes of up to three parts; none found within a bounded number of tries: empty.
// The last `demands` items stay. Precondition: the goal cannot be satisfied.
[[nodiscard]] std::vector<Repair> smallest_repairs(const Universe& universe, const Goal& goal, std::size_t demands);

}  // namespace winnow
