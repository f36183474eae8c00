#include "resolve/solver/part_solver.hpp"

#include "resolve/solver/core_guided.hpp"

namespace winnow {

PartSolution solve_part(const Part& part, const MinimizeOptions& options) {
  PartSolution solution = solve_by_cores(part, {options.prove, options.conflicts});
  solution.small_parts = 1;
  solution.largest = static_cast<std::uint32_t>(part.costs.size());
  solution.live_variables = solution.largest;
  solution.live_clauses = static_cast<std::uint32_t>(part.clause_count());
  return solution;
}

}  // namespace winnow
