// The smallest changes of a request that make an impossible goal possible.
#pragma once

#include <vector>

#include "resolve/explain/clash.hpp"
#include "resolve/explain/clause_groups.hpp"

namespace winnow {

// Exact: each one is tried. Searches changes of up to three parts; none found within a bounded number of tries: empty.
// What is asked hypothetically stays. Precondition: the goal cannot be satisfied.
[[nodiscard]] std::vector<Repair> smallest_repairs(const Universe& universe, const Goal& goal, const Problem& problem,
                                                   ClauseGroups& groups, const Hypothesis& hypothesis);

}  // namespace winnow
