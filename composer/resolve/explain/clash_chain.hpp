// The clauses of a clash as a chain that can be read from the requests to where it cannot go on.
#pragma once

#include <vector>

#include "resolve/explain/clash.hpp"
#include "resolve/explain/clause_groups.hpp"

namespace winnow {

struct ChainedClash {
  std::vector<ClashStep> steps;
  std::vector<GroupId> order;  // the groups as the steps have them; demands, which have no step, are missing
};

// Items from `first_demand` on are demands: they have no step.
[[nodiscard]] ChainedClash chain_clash(const Universe& universe, const Goal& goal, const Problem& problem,
                                       const ClauseGroups& groups, const std::vector<GroupId>& clash,
                                       std::size_t first_demand);

}  // namespace winnow
