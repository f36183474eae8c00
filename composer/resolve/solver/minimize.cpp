#include "resolve/minimize.hpp"

#include <algorithm>

#include "base/interrupt.hpp"
#include "base/parallel.hpp"
#include "resolve/solver/certify.hpp"
#include "resolve/solver/component_cache.hpp"
#include "resolve/solver/part_solver.hpp"
#include "resolve/solver/propagation.hpp"
#include "resolve/solver/split.hpp"

namespace winnow {

namespace {

constexpr std::size_t kWorthAThread = 2'000;  // variables and clauses

std::vector<PartSolution> solve_all(const std::vector<OpenPart>& parts, const MinimizeOptions& options,
                                    MinimizeStats& stats) {
  std::vector<PartSolution> solutions(parts.size());
  std::vector<std::size_t> to_solve;
  std::size_t work = 0;
  const auto is_cached = [&] { return options.cache != nullptr && !options.prove; };
  std::vector<PartKey> keys(is_cached() ? parts.size() : 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (is_cached()) {
      keys[i] = PartKey(parts[i].part, options, false);
      if (options.cache->state().find(keys[i], solutions[i])) {
        ++stats.parts_from_cache;
        continue;
      }
    }
    to_solve.push_back(i);
    work += parts[i].part.costs.size() + parts[i].part.clause_count();
  }
  // Large parts first, so that no thread waits for the last one.
  std::stable_sort(to_solve.begin(), to_solve.end(), [&](std::size_t a, std::size_t b) {
    return parts[a].part.literals.size() > parts[b].part.literals.size();
  });
  const auto solve = [&](std::size_t k) { solutions[to_solve[k]] = solve_part(parts[to_solve[k]].part, options); };
  if (work < kWorthAThread) {
    for (std::size_t k = 0; k < to_solve.size(); ++k) solve(k);
  } else {
    parallel_for(to_solve.size(), solve);
  }
  if (is_cached()) {
    for (const std::size_t i : to_solve) options.cache->state().add(std::move(keys[i]), solutions[i]);
  }
  return solutions;
}

// Nodes without a chain to a request: a solution that was not proven to be the best may hold some.
std::vector<Variable> founded_of(const Problem& problem, const std::vector<Variable>& chosen) {
  std::vector<bool> is_chosen(problem.node_count()), is_founded(problem.node_count());
  for (const Variable node : chosen) is_chosen[node] = true;
  for (bool again = true; again;) {
    again = false;
    for (const Clause& clause : problem.clauses) {
      if (clause.kind != ClauseKind::request && clause.kind != ClauseKind::need) continue;
      const auto literals = problem.literals_of(clause);
      const bool applies = std::all_of(literals.begin(), literals.end(), [&](Literal literal) {
        return literal > 0 || is_founded[variable_of(literal)];
      });
      if (!applies) continue;
      for (const Literal literal : literals) {
        if (literal < 0 || !is_chosen[variable_of(literal)] || is_founded[variable_of(literal)]) continue;
        is_founded[variable_of(literal)] = true;
        again = true;
      }
    }
  }
  std::vector<Variable> founded;
  for (const Variable node : chosen) {
    if (is_founded[node]) founded.push_back(node);
  }
  return founded;
}

class Minimizer {
 public:
  Minimizer(const Problem& problem, const MinimizeOptions& options)
      : problem_(problem), options_(options), state_(problem) {}

  Optimum run() {
    optimum_.stats.variables = static_cast<std::uint32_t>(problem_.costs.size());
    optimum_.stats.clauses = static_cast<std::uint32_t>(problem_.clauses.size());
    optimum_.stats.engine = "oll";
    if (interrupted()) {
      optimum_.verdict = Verdict::interrupted;
      return std::move(optimum_);
    }
    if (!state_.run()) {
      optimum_.verdict = Verdict::unsatisfiable;
      return std::move(optimum_);
    }
    parts_ = split(problem_, state_);
    solutions_ = solve_all(parts_, options_, optimum_.stats);
    combine();
    return std::move(optimum_);
  }

 private:
  void combine() {
    optimum_.verdict = Verdict::optimal;
    for (const PartSolution& solution : solutions_) {
      optimum_.verdict = worse(optimum_.verdict, solution.verdict);
      add_stats(solution);
    }
    const bool has_solution = optimum_.verdict == Verdict::optimal || optimum_.verdict == Verdict::feasible;
    if (!has_solution) return;
    choose();
    optimum_.cost = cost_of(problem_, optimum_.chosen);
    optimum_.bound = bound();
    optimum_.verdict = optimum_.cost == optimum_.bound ? Verdict::optimal : Verdict::feasible;
    if (!options_.prove || optimum_.verdict != Verdict::optimal) return;
    optimum_.certificate = certify(problem_, state_, parts_, solutions_);
    optimum_.certificate->chosen = optimum_.chosen;
    optimum_.certificate->cost = optimum_.cost;
  }

  void choose() {
    for (Variable node = 0; node < problem_.node_count(); ++node) {
      if (state_.is_true(node)) optimum_.chosen.push_back(node);
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      for (std::uint32_t local = 0; local < parts_[i].part.node_count; ++local) {
        if (solutions_[i].model[local]) optimum_.chosen.push_back(parts_[i].origins[local].index);
      }
    }
    std::sort(optimum_.chosen.begin(), optimum_.chosen.end());
    if (optimum_.verdict == Verdict::feasible) optimum_.chosen = founded_of(problem_, optimum_.chosen);
  }

  // What is decided costs that much in every solution; the parts add their own bounds.
  [[nodiscard]] Cost bound() const {
    Cost bound;
    for (Variable variable = 0; variable < problem_.costs.size(); ++variable) {
      if (state_.is_true(variable)) bound += problem_.costs[variable];
    }
    for (std::uint32_t i = 0; i < problem_.clauses.size(); ++i) {
      const Clause& clause = problem_.clauses[i];
      if (clause.soft != kHard && state_.is_violated(i)) bound += problem_.soft_costs[clause.soft];
    }
    for (const PartSolution& solution : solutions_) bound += solution.bound;
    return bound;
  }

  void add_stats(const PartSolution& solution) {
    MinimizeStats& stats = optimum_.stats;
    stats.live_variables += solution.live_variables;
    stats.live_clauses += solution.live_clauses;
    stats.parts += solution.small_parts;
    stats.largest_part = std::max(stats.largest_part, solution.largest);
    stats.cores += solution.core_count;
    stats.conflicts += solution.conflicts;
    if (solution.used_second_engine) stats.engine = "oll+cbc";
  }

  const Problem& problem_;
  const MinimizeOptions& options_;
  Propagation state_;
  std::vector<OpenPart> parts_;
  std::vector<PartSolution> solutions_;
  Optimum optimum_;
};

}  // namespace

Optimum minimize(const Problem& problem, const MinimizeOptions& options) { return Minimizer(problem, options).run(); }

}  // namespace winnow
