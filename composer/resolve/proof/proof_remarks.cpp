#include "resolve/proof/proof_remarks.hpp"

namespace winnow {

ProofRemarks::ProofRemarks(const Universe& universe, const Goal& goal, const Problem& problem)
    : universe_(universe), goal_(goal), problem_(problem), owners_(problem.costs.size()) {
  for (const Clause& clause : problem.clauses) {
    if (clause.kind != ClauseKind::file) continue;
    const auto literals = problem.literals_of(clause);
    owners_[variable_of(literals.back())].push_back(variable_of(literals.front()));
  }
}

std::string ProofRemarks::variable(Variable variable) const {
  if (variable < problem_.node_count()) return universe_.name_of(problem_.nodes[variable]);
  const std::vector<Variable>& owners = owners_[variable];
  if (owners.empty()) return "a shared file";
  return "a file of " + universe_.name_of(problem_.nodes[owners.front()]) + " and " +
         std::to_string(owners.size() - 1) + " more";
}

std::string ProofRemarks::clause(std::size_t index) const {
  const ClauseText text = describe(universe_, goal_, problem_, problem_.clauses[index]);
  const std::string place = to_string(text.place);
  return text.from + " " + text.text + (place.empty() ? "" : " (" + place + ")");
}

}  // namespace winnow
