#include "resolve/explain/why_not.hpp"

#include <algorithm>

namespace winnow {

WhyNot explain_why_not(const Settled& settled, const NamedNodes& asked, ComponentCache& cache) {
  WhyNot why{asked, {}, {}};
  for (const NodeId node : asked.nodes) {
    const auto variable = settled.problem.variable_of_node(node);
    const auto& chosen = settled.optimum.chosen;
    if (variable && std::binary_search(chosen.begin(), chosen.end(), *variable)) why.chosen.push_back(node);
  }
  if (!why.chosen.empty()) return why;
  WhatIf what;
  what.add.push_back(asked);
  const Goal changed = *changed_goal(settled.goal, what);  // adding never fails
  why.outcome = try_goal(settled, changed, hypothesis_of(what), cache);
  return why;
}

std::string print_why_not(const Settled& settled, const WhyNot& why) {
  if (!why.chosen.empty()) {
    return settled.universe.name_of(why.chosen.front()) + " is in " + settled.goal.app + "\n";
  }
  const std::string outcome = outcome_text(settled, why.outcome);
  if (why.outcome.clash)
    return why.asked.name + " cannot be in " + settled.goal.app + outcome.substr(outcome.find('\n'));
  return "nothing needs " + why.asked.name + ", and nothing prevents it; with it: " + outcome;
}

Json to_json(const Settled& settled, const WhyNot& why) {
  Json document = {{"schema", "winnow-why-not-1"},
                   {"app", settled.goal.app},
                   {"component", why.asked.name},
                   {"isIn", !why.chosen.empty()}};
  if (why.chosen.empty()) document.update(outcome_json(settled, why.outcome));
  return document;
}

}  // namespace winnow
