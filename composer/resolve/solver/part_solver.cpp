#include "resolve/solver/part_solver.hpp"

#include <algorithm>

#include "resolve/solver/component_cache.hpp"
#include "resolve/solver/core_guided.hpp"
#include "resolve/solver/milp.hpp"
#include "resolve/solver/part_sat.hpp"
#include "resolve/solver/reduction.hpp"

namespace winnow {

namespace {

// What cores do not close soon, they hardly ever close: then the other engine gets its turn.
constexpr std::uint64_t kShareOfCores = 10;
constexpr std::uint64_t kConflictsForANode = 200;

PartSolution solve_whole(const Part& part, const MinimizeOptions& options) {
  const bool has_second = options.second_engine && !options.prove && has_milp();
  const std::uint64_t conflicts = has_second ? options.conflicts / kShareOfCores : options.conflicts;
  PartSolution solution = solve_by_cores(part, {options.prove, conflicts});
  if (solution.verdict == Verdict::feasible && has_second)
    improve_by_milp(part, std::max<std::uint64_t>(options.conflicts / kConflictsForANode, 1), solution);
  solution.small_parts = 1;
  solution.largest = static_cast<std::uint32_t>(part.costs.size());
  solution.live_variables = solution.largest;
  solution.live_clauses = static_cast<std::uint32_t>(part.clause_count());
  return solution;
}

// The highest level is decided first: when a solution without any penalty exists, the best one has none.
Part without_penalties(const Part& part, std::uint64_t conflicts) {
  std::vector<Literal> none;
  for (Variable i = 0; i < part.costs.size(); ++i) {
    if (part.costs[i][CostLevel::penalty] > 0) none.push_back(negative(i));
  }
  Part result = part;
  if (none.empty()) return result;
  PartSat sat(part, conflicts);
  if (sat.ask(none) != SatAnswer::satisfiable) return result;
  for (const Literal literal : none) result.add_clause({&literal, 1});
  return result;
}

// Small parts are the same again in questions that differ elsewhere.
PartSolution solve_small(const Part& part, const MinimizeOptions& options) {
  if (options.cache == nullptr) return solve_whole(part, options);
  PartKey key(part, options, true);
  PartSolution solution;
  if (options.cache->state().find(key, solution)) return solution;
  solution = solve_whole(part, options);
  options.cache->state().add(std::move(key), solution);
  return solution;
}

void add(PartSolution& sum, const PartSolution& solution) {
  sum.verdict = worse(sum.verdict, solution.verdict);
  sum.cost += solution.cost;
  sum.bound += solution.bound;
  sum.core_count += solution.core_count;
  sum.conflicts += solution.conflicts;
  sum.small_parts += solution.small_parts;
  sum.largest = std::max(sum.largest, solution.largest);
  sum.live_variables += solution.live_variables;
  sum.live_clauses += solution.live_clauses;
  sum.used_second_engine = sum.used_second_engine || solution.used_second_engine;
}

}  // namespace

PartSolution solve_part(const Part& original, const MinimizeOptions& options) {
  if (options.prove) return solve_whole(original, options);
  const Part part = without_penalties(original, options.conflicts);
  Reduction reduction(part);
  PartSolution sum;
  if (!reduction.run()) {
    sum.verdict = Verdict::unsatisfiable;
    return sum;
  }
  sum.verdict = Verdict::optimal;
  sum.cost = sum.bound = reduction.base();
  std::vector<Model> models;
  for (const Part& small : reduction.parts()) {
    PartSolution solution = solve_small(small, options);
    add(sum, solution);
    models.push_back(std::move(solution.model));
  }
  if (sum.verdict == Verdict::optimal || sum.verdict == Verdict::feasible) sum.model = reduction.expand(models);
  return sum;
}

}  // namespace winnow
