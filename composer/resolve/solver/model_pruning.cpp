#include "resolve/solver/model_pruning.hpp"

#include <algorithm>

namespace winnow {

ModelPruning::ModelPruning(const Part& part) : part_(part), first_(2 * part.costs.size() + 1) {
  for (const Literal literal : part.literals) ++first_[slot_of(literal) + 1];
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  occurrences_.resize(part.literals.size());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (std::uint32_t i = 0; i < part.clause_count(); ++i) {
    for (const Literal literal : part.clause(i)) occurrences_[next[slot_of(literal)]++] = i;
  }
  std::vector<bool> stays(part.costs.size());
  for (const FoundingNode& node : part.founding) {
    if (node.variable != kChosenAlready) stays[node.variable] = true;
  }
  for (Variable i = 0; i < part.costs.size(); ++i) {
    if (!stays[i] && !part.costs[i].is_zero()) order_.push_back(i);
  }
  std::stable_sort(order_.begin(), order_.end(), [&](Variable a, Variable b) { return part.costs[a] > part.costs[b]; });
}

void ModelPruning::prune(Model& model) const {
  std::vector<std::uint32_t> true_count(part_.clause_count());
  for (std::size_t i = 0; i < true_count.size(); ++i) {
    for (const Literal literal : part_.clause(i))
      true_count[i] += model[variable_of(literal)] == (literal > 0) ? 1U : 0U;
  }
  const auto clauses_with = [&](Literal literal) {
    const std::size_t at = slot_of(literal);
    return std::span(occurrences_).subspan(first_[at], first_[at + 1] - first_[at]);
  };
  for (bool again = true; again;) {
    again = false;
    for (const Variable variable : order_) {
      if (!model[variable]) continue;
      const auto needing = clauses_with(positive(variable));
      if (std::any_of(needing.begin(), needing.end(), [&](std::uint32_t i) { return true_count[i] < 2; })) continue;
      model[variable] = false;
      for (const std::uint32_t i : needing) --true_count[i];
      for (const std::uint32_t i : clauses_with(negative(variable))) ++true_count[i];
      again = true;
    }
  }
}

}  // namespace winnow
