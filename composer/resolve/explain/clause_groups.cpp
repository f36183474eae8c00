#include "resolve/explain/clause_groups.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace winnow {

namespace {

constexpr std::uint32_t kFar = UINT32_MAX;
constexpr int kTrims = 4;  // rounds in which failed assumptions alone shrink a clash

bool brings(ClauseKind kind) { return kind == ClauseKind::request || kind == ClauseKind::need; }

}  // namespace

ClauseGroups::ClauseGroups(const Universe& universe, const Problem& problem)
    : problem_(problem), first_selector_(static_cast<Variable>(problem.costs.size())), founders_(problem.node_count()) {
  make_groups(universe);
  add_foundings();
  sort_by_distance();
  add_clauses();
}

void ClauseGroups::make_groups(const Universe& universe) {
  std::map<std::tuple<TextId, TextId, TextId>, GroupId> versions;
  for (std::uint32_t i = 0; i < problem_.clauses.size(); ++i) {
    const Clause& clause = problem_.clauses[i];
    const auto literals = problem_.literals_of(clause);
    if (clause.kind == ClauseKind::need) {
      for (const Literal target : literals.subspan(1)) {
        founders_[variable_of(target)].push_back(variable_of(literals.front()));
      }
    }
    if (clause.soft != kHard || clause.kind == ClauseKind::file) continue;
    if (clause.kind == ClauseKind::one_version) {
      const UniverseNode& node = universe.nodes()[problem_.nodes[variable_of(literals.front())]];
      const auto [found, is_new] =
          versions.try_emplace({node.name, node.architecture, node.language}, static_cast<GroupId>(groups_.size()));
      if (!is_new) {
        groups_[found->second].clauses.push_back(i);
        continue;
      }
    }
    groups_.push_back({clause.kind, {i}, std::nullopt});
  }
}

// Only what a gate names can be chosen for nothing: a solver that needs it there for no other reason would take it.
void ClauseGroups::add_foundings() {
  std::vector<bool> is_named(problem_.node_count(), false);
  for (const Clause& clause : problem_.clauses) {
    if (clause.kind != ClauseKind::gate) continue;
    for (const Literal target : problem_.literals_of(clause).subspan(1)) is_named[variable_of(target)] = true;
  }
  for (const Clause& clause : problem_.clauses) {
    if (clause.kind != ClauseKind::request) continue;
    for (const Literal target : problem_.literals_of(clause)) is_named[variable_of(target)] = false;
  }
  for (Variable variable = 0; variable < is_named.size(); ++variable) {
    if (is_named[variable]) groups_.push_back({ClauseKind::gate, {}, variable});
    has_foundings_ = has_foundings_ || is_named[variable];
  }
}

// By node: how many steps from the nearest request, through any alternative.
std::vector<std::uint32_t> ClauseGroups::distances() const {
  std::vector<std::vector<Variable>> brought(problem_.node_count());
  std::vector<std::uint32_t> distance(problem_.node_count(), kFar);
  std::vector<Variable> queue;
  const auto visit = [&](Variable variable, std::uint32_t steps) {
    if (distance[variable] != kFar) return;
    distance[variable] = steps;
    queue.push_back(variable);
  };
  for (const Clause& clause : problem_.clauses) {
    if (!brings(clause.kind)) continue;
    const auto literals = problem_.literals_of(clause);
    if (clause.kind == ClauseKind::request) {
      for (const Literal target : literals) visit(variable_of(target), 1);
      continue;
    }
    for (const Literal target : literals.subspan(1))
      brought[variable_of(literals.front())].push_back(variable_of(target));
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const Variable from = queue[next];
    for (const Variable to : brought[from]) visit(to, distance[from] + 1);
  }
  return distance;
}

void ClauseGroups::sort_by_distance() {
  const std::vector<std::uint32_t> distance = distances();
  const auto distance_of = [&](const ClauseGroup& group) -> std::uint32_t {
    if (group.founded) return distance[*group.founded];
    std::uint32_t farthest = 0;
    for (const Literal literal : problem_.literals_of(problem_.clauses[group.clauses.front()])) {
      if (literal < 0) farthest = std::max(farthest, distance[variable_of(literal)]);
    }
    return farthest;
  };
  std::vector<std::pair<std::uint32_t, GroupId>> order;
  for (GroupId id = 0; id < groups_.size(); ++id) order.emplace_back(distance_of(groups_[id]), id);
  std::sort(order.begin(), order.end());
  std::vector<ClauseGroup> sorted;
  for (const auto& [_, id] : order) sorted.push_back(std::move(groups_[id]));
  groups_ = std::move(sorted);
}

void ClauseGroups::add_clauses() {
  std::vector<Literal> clause;
  for (GroupId id = 0; id < groups_.size(); ++id) {
    for (const std::uint32_t index : groups_[id].clauses) {
      const auto literals = problem_.literals_of(problem_.clauses[index]);
      clause.assign(literals.begin(), literals.end());
      clause.push_back(-selector(id));
      solver_.add(clause);
    }
  }
}

std::vector<GroupId> ClauseGroups::all() const {
  std::vector<GroupId> ids(groups_.size());
  std::iota(ids.begin(), ids.end(), GroupId{0});
  return ids;
}

std::optional<std::vector<GroupId>> ClauseGroups::refute(const std::vector<GroupId>& on) {
  std::vector<Literal> assumptions;
  for (const GroupId id : on) assumptions.push_back(selector(id));
  for (;;) {
    const SatAnswer answer = solver_.solve(assumptions);
    if (answer == SatAnswer::unknown) gave_up_ = true;
    if (answer == SatAnswer::satisfiable && exclude_unfounded(on)) continue;
    if (answer != SatAnswer::unsatisfiable) return std::nullopt;
    std::vector<GroupId> clash;
    for (const GroupId id : on) {
      if (solver_.failed(selector(id))) clash.push_back(id);
    }
    return clash;
  }
}

std::optional<std::vector<GroupId>> ClauseGroups::smallest_clash(const std::vector<GroupId>& on) {
  auto clash = refute(on);
  if (!clash) return std::nullopt;
  for (int i = 0; i < kTrims; ++i) {
    auto smaller = refute(*clash);
    if (!smaller || smaller->size() == clash->size()) break;
    clash = std::move(smaller);
  }
  std::vector<GroupId> open = *clash;
  std::vector<GroupId> needed;
  while (!open.empty()) {
    const GroupId id = open.back();
    open.pop_back();
    std::vector<GroupId> others = open;
    others.insert(others.end(), needed.begin(), needed.end());
    const auto smaller = refute(others);
    if (!smaller) {
      needed.push_back(id);
      continue;
    }
    std::erase_if(open,
                  [&](GroupId other) { return std::find(smaller->begin(), smaller->end(), other) == smaller->end(); });
  }
  std::sort(needed.begin(), needed.end());
  return needed;
}

std::vector<bool> ClauseGroups::founded_in_model() const {
  std::vector<bool> is_founded(problem_.node_count(), false);
  std::vector<std::vector<Variable>> brought(problem_.node_count());
  std::vector<Variable> queue;
  const auto visit = [&](Literal literal) {
    const Variable variable = variable_of(literal);
    if (is_founded[variable] || !solver_.value(literal)) return;
    is_founded[variable] = true;
    queue.push_back(variable);
  };
  for (const Clause& clause : problem_.clauses) {
    const auto literals = problem_.literals_of(clause);
    if (clause.kind == ClauseKind::request) {
      for (const Literal target : literals) visit(target);
    } else if (clause.kind == ClauseKind::need) {
      for (const Literal target : literals.subspan(1)) {
        brought[variable_of(literals.front())].push_back(variable_of(target));
      }
    }
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const Variable to : brought[queue[next]]) visit(positive(to));
  }
  return is_founded;
}

bool ClauseGroups::exclude_unfounded(const std::vector<GroupId>& on) {
  if (!has_foundings_) return false;
  std::vector<std::vector<Literal>> clauses;
  const std::vector<bool> is_founded = founded_in_model();
  for (const GroupId id : on) {
    const auto& variable = groups_[id].founded;
    if (variable && solver_.value(positive(*variable)) && !is_founded[*variable]) clauses.push_back(loop_clause(id));
  }
  for (const auto& clause : clauses) solver_.add(clause);
  return !clauses.empty();
}

// -u, or one that brings u, or brings one of those in the model that do, and is not in the model itself.
std::vector<Literal> ClauseGroups::loop_clause(GroupId group) const {
  const Variable start = *groups_[group].founded;
  std::vector<Variable> circle = {start};
  std::vector<bool> seen(problem_.node_count(), false);
  seen[start] = true;
  std::vector<Literal> clause = {-selector(group), negative(start)};
  for (std::size_t next = 0; next < circle.size(); ++next) {
    for (const Variable founder : founders_[circle[next]]) {
      if (seen[founder]) continue;
      seen[founder] = true;
      if (solver_.value(positive(founder))) {
        circle.push_back(founder);
      } else {
        clause.push_back(positive(founder));
      }
    }
  }
  return clause;
}

}  // namespace winnow
