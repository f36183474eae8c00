#include "resolve/solver/part_sat.hpp"

#include <algorithm>

namespace winnow {

PartSat::PartSat(const Part& part, std::uint64_t conflicts)
    : part_(part), founding_(part), limit_(conflicts), next_variable_(static_cast<Variable>(part.costs.size())) {
  for (std::size_t i = 0; i < part.clause_count(); ++i) sat_.add(part.clause(i));
}

std::int64_t PartSat::conflicts_left() const {
  const std::uint64_t used = sat_.conflicts();
  constexpr std::uint64_t kMost = 1'000'000'000;
  return static_cast<std::int64_t>(used >= limit_ ? 0 : std::min(limit_ - used, kMost));
}

SatAnswer PartSat::ask(std::span<const Literal> assumptions) {
  for (;;) {
    const SatAnswer answer = sat_.solve(assumptions, conflicts_left());
    if (answer != SatAnswer::satisfiable) return answer;
    model_.assign(part_.costs.size(), false);
    for (Variable i = 0; i < model_.size(); ++i) model_[i] = sat_.value(positive(i));
    const auto sets = founding_.unfounded_sets(model_);
    if (sets.empty()) return answer;
    for (const auto& set : sets) {
      for (const auto& clause : founding_.clauses_of(set)) sat_.add(clause);
      loops_.push_back(set);
    }
  }
}

SatAnswer PartSat::ask_once(std::span<const Literal> assumptions, std::int64_t conflicts) {
  return sat_.solve(assumptions, std::min(conflicts, conflicts_left()));
}

}  // namespace winnow
