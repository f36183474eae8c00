#include "resolve/solver/canonical_model.hpp"

#include <array>

namespace winnow {

namespace {

Literal as_in(const Model& model, Variable node) { return model[node] ? positive(node) : negative(node); }

// Is there another set of nodes? Leaves it in sat.model().
SatAnswer ask_for_another(const Part& part, PartSat& sat, const Model& best) {
  const Literal is_blocked = positive(sat.next_variable()++);
  std::vector<Literal> clause{-is_blocked};
  for (Variable node = 0; node < part.node_count; ++node) clause.push_back(-as_in(best, node));
  sat.add(clause);
  const SatAnswer answer = sat.ask(std::array{is_blocked});
  sat.add(std::array{-is_blocked});
  return answer;
}

}  // namespace

bool find_first_model(const Part& part, PartSat& sat, Model& best) {
  if (part.node_count == 0) return true;
  switch (ask_for_another(part, sat, best)) {
    case SatAnswer::unknown:
      return false;
    case SatAnswer::unsatisfiable:
      return true;
    case SatAnswer::satisfiable:
      break;
  }
  if (is_canonically_before(part, sat.model(), best)) best = sat.model();
  for (Variable node = 0; node < part.node_count; ++node) {
    if (!best[node]) {
      const SatAnswer answer = sat.ask(std::array{positive(node)});
      if (answer == SatAnswer::unknown) return false;
      if (answer == SatAnswer::satisfiable) best = sat.model();
    }
    sat.add(std::array{as_in(best, node)});
  }
  return true;
}

}  // namespace winnow
