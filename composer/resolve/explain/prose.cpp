#include "resolve/explain/prose.hpp"

#include "base/text_table.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMostNames = 4;

std::string listed(const std::vector<std::string>& names, std::size_t most, std::string_view last) {
  const bool is_cut = names.size() > most;
  const std::size_t shown = is_cut ? most - 1 : names.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool is_last = i > 0 && i + 1 == names.size();
    text += (i == 0 ? "" : is_last ? " " + std::string(last) + " " : ", ") + names[i];
  }
  if (is_cut) text += " " + std::string(last) + " " + grouped_digits(names.size() - shown) + " others";
  return text;
}

}  // namespace

std::string either(const std::vector<std::string>& names) { return listed(names, kMostNames, "or"); }
std::string both(const std::vector<std::string>& names, std::size_t most) { return listed(names, most, "and"); }

std::string in_brackets(const Place& place) {
  const std::string text = to_string(place);
  return text.empty() ? "" : " (" + text + ")";
}

Statement statement_of(const Universe& universe, const Goal& goal, const Problem& problem, const Clause& clause) {
  ClauseText text = describe(universe, goal, problem, clause);
  Statement statement{std::move(text.from), std::move(text.text), std::move(text.place)};
  if (clause.kind == ClauseKind::request) return statement;
  const NodeId by = problem.nodes[variable_of(problem.literals_of(clause).front())];
  if (statement.subject == universe.text(universe.nodes()[by].name)) statement.subject = universe.name_of(by);
  return statement;
}

std::string name_of(const Universe& universe, const Problem& problem, Variable variable) {
  return universe.name_of(problem.nodes[variable]);
}

std::vector<std::string> names_of(const Universe& universe, const Problem& problem,
                                  const std::vector<Variable>& variables) {
  std::vector<std::string> names;
  for (const Variable variable : variables) names.push_back(name_of(universe, problem, variable));
  return names;
}

std::string what_of(const Universe& universe, const Goal& goal, const Clause& clause) {
  if (clause.kind == ClauseKind::request) return goal.items[clause.source].what;
  return std::string(universe.text(universe.needs()[clause.source].what));
}

std::vector<Variable> targets_of(const Problem& problem, const Clause& clause) {
  std::vector<Variable> targets;
  for (const Literal literal : problem.literals_of(clause)) {
    if (literal > 0) targets.push_back(variable_of(literal));
  }
  return targets;
}

}  // namespace winnow
