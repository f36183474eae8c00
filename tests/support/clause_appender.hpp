// One more clause at the end of a Problem made by hand.
#pragma once

#include <vector>

#include "resolve/problem.hpp"

namespace winnow::testing {

// Hard when `soft` is zero.
inline void append_clause(Problem& problem, ClauseKind kind, const std::vector<Literal>& literals,
                          const Cost& soft = {}) {
  Clause clause{static_cast<std::uint32_t>(problem.literals.size()), static_cast<std::uint32_t>(literals.size()), kind,
                kNoSource, kHard};
  problem.literals.insert(problem.literals.end(), literals.begin(), literals.end());
  if (!soft.is_zero()) {
    clause.soft = static_cast<std::uint32_t>(problem.soft_costs.size());
    problem.soft_costs.push_back(soft);
  }
  problem.clauses.push_back(clause);
}

}  // namespace winnow::testing
