#include "resolve/explain/what_if.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/nearest_name.hpp"
#include "base/parallel.hpp"
#include "resolve/explain/necessity.hpp"

namespace winnow {

namespace {

Result<void> drop(Goal& goal, const std::string& what) {
  const auto dropped = std::erase_if(goal.items, [&](const GoalItem& item) { return item.what == what; });
  if (dropped > 0) return {};
  std::set<std::string> names;
  for (const GoalItem& item : goal.items) names.insert(item.what);
  return fail("cannot drop \"" + what + "\": " + goal.app + " does not ask for it",
              did_you_mean(nearest_name(what, names)));
}

std::vector<NodeId> chosen_nodes(const Problem& problem, const std::vector<Variable>& chosen) {
  std::vector<NodeId> nodes;
  for (const Variable variable : chosen) nodes.push_back(problem.nodes[variable]);
  return nodes;
}

std::vector<MovedNode> only_in(const std::vector<NodeId>& nodes, const std::vector<NodeId>& others,
                               const Problem& problem) {
  std::vector<MovedNode> moved;
  for (const NodeId node : nodes) {
    if (std::binary_search(others.begin(), others.end(), node)) continue;
    const auto bytes = problem.costs[*problem.variable_of_node(node)][CostLevel::bytes];
    moved.push_back({node, static_cast<std::uint64_t>(bytes)});
  }
  return moved;
}

}  // namespace

Result<Goal> changed_goal(const Goal& goal, const WhatIf& what) {
  Goal changed = goal;
  for (const std::string& name : what.drop) WINNOW_CHECK(drop(changed, name));
  for (const NamedNodes& named : what.forbid) {
    for (const NodeId node : named.nodes) changed.forbidden.push_back({node, "is forbidden by --forbid", {}});
  }
  for (const NamedNodes& named : what.add) {
    changed.items.push_back({named.nodes, goal.app, "asks for " + named.name, named.name, {}, false});
  }
  return changed;
}

Hypothesis hypothesis_of(const WhatIf& what) {
  Hypothesis hypothesis{what.add.size(), 0};
  for (const NamedNodes& named : what.forbid) hypothesis.forbidden += named.nodes.size();
  return hypothesis;
}

Outcome try_goal(const Settled& settled, const Goal& changed, const Hypothesis& hypothesis, ComponentCache& cache) {
  const Problem problem = make_problem(settled.universe, changed);
  MinimizeOptions options;
  options.cache = &cache;
  const Optimum other = minimize(problem, options);
  Outcome outcome;
  outcome.verdict = other.verdict;
  outcome.bytes_before = bytes_of(settled.problem, settled.optimum.chosen);
  if (other.verdict == Verdict::unsatisfiable) outcome.clash = find_clash(settled.universe, changed, hypothesis);
  if (!has_solution(other.verdict)) return outcome;
  outcome.bytes_after = bytes_of(problem, other.chosen);
  outcome.change = other.cost - settled.optimum.cost;
  const std::vector<NodeId> before = chosen_nodes(settled.problem, settled.optimum.chosen);
  const std::vector<NodeId> after = chosen_nodes(problem, other.chosen);
  outcome.leaves = only_in(before, after, settled.problem);
  outcome.comes = only_in(after, before, problem);
  return outcome;
}

ForbidTable forbid_each(const Settled& settled, ComponentCache& cache) {
  const Necessity necessity(settled.problem);
  const Pricing pricing(settled, cache);
  ForbidTable table;
  std::vector<ForbidRow> rows;
  for (const Variable variable : settled.optimum.chosen) {
    if (necessity.is_forced(variable)) {
      table.forced.push_back(variable);
    } else {
      rows.push_back({variable, {}});
    }
  }
  parallel_for(rows.size(), [&](std::size_t i) { rows[i].price = pricing.without(rows[i].variable); });
  for (ForbidRow& row : rows) {
    if (row.price.verdict == Verdict::unsatisfiable) {
      table.forced.push_back(row.variable);
    } else {
      table.rows.push_back(std::move(row));
    }
  }
  std::sort(table.forced.begin(), table.forced.end());
  std::stable_sort(table.rows.begin(), table.rows.end(), [](const ForbidRow& a, const ForbidRow& b) {
    const bool a_can = has_solution(a.price.verdict), b_can = has_solution(b.price.verdict);
    return std::tuple(a_can, b.price.change) < std::tuple(b_can, a.price.change);
  });
  return table;
}

}  // namespace winnow
