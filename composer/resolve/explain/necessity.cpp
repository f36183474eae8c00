#include "resolve/explain/necessity.hpp"

#include <algorithm>

#include "resolve/explain/prose.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kNoClause = UINT32_MAX;

bool brings(const Clause& clause) {
  return clause.soft == kHard && (clause.kind == ClauseKind::request || clause.kind == ClauseKind::need);
}

}  // namespace

Necessity::Necessity(const Problem& problem)
    : problem_(problem),
      clauses_with_(problem.costs.size()),
      values_(problem.costs.size(), 0),
      rank_(problem.costs.size(), 0) {
  for (std::uint32_t i = 0; i < problem.clauses.size(); ++i) {
    if (problem.clauses[i].soft != kHard || problem.clauses[i].kind == ClauseKind::file) continue;
    for (const Literal literal : problem.literals_of(problem.clauses[i])) {
      clauses_with_[variable_of(literal)].push_back(i);
    }
  }
  propagate();
}

void Necessity::assign(Literal literal) {
  const Variable variable = variable_of(literal);
  if (values_[variable] != 0) return;
  values_[variable] = literal > 0 ? 1 : -1;
  rank_[variable] = trail_.size();
  trail_.push_back(literal);
}

void Necessity::propagate() {
  const auto look_at = [this](const Clause& clause) {
    Literal open = 0;
    for (const Literal literal : problem_.literals_of(clause)) {
      const int value = literal > 0 ? values_[variable_of(literal)] : -values_[variable_of(literal)];
      if (value > 0 || (value == 0 && open != 0)) return;
      if (value == 0) open = literal;
    }
    if (open != 0) assign(open);
  };
  for (const Clause& clause : problem_.clauses) {
    if (clause.soft == kHard && clause.count == 1) look_at(clause);
  }
  for (std::size_t next = 0; next < trail_.size(); ++next) {
    for (const std::uint32_t index : clauses_with_[variable_of(trail_[next])]) look_at(problem_.clauses[index]);
  }
}

std::vector<Variable> Necessity::possible_targets(const Clause& clause) const {
  std::vector<Variable> targets = targets_of(problem_, clause);
  std::erase_if(targets, [this](Variable target) { return is_refuted(target); });
  return targets;
}

// Goes back from the node, breadth first: a clause leads to it when every target that was possible before the node was
// forced does.
struct Necessity::Search {
  const Necessity& all;
  Variable goal;
  bool with_ways;
  std::vector<std::uint32_t> via = std::vector<std::uint32_t>(all.problem_.node_count(), kNoClause);  // by node
  std::vector<bool> leads = std::vector<bool>(all.problem_.node_count(), false);

  [[nodiscard]] bool was_possible(Variable variable) const {
    if (!all.is_refuted(variable)) return true;
    return all.is_forced(goal) && all.rank_[variable] > all.rank_[goal];
  }
  [[nodiscard]] std::vector<Variable> targets(std::uint32_t clause) const {
    std::vector<Variable> list = targets_of(all.problem_, all.problem_.clauses[clause]);
    std::erase_if(list, [this](Variable target) { return !was_possible(target); });
    return list;
  }

  // The request that leads to the node.
  [[nodiscard]] std::uint32_t run() {
    std::vector<Variable> queue = {goal};
    leads[goal] = true;
    for (std::size_t next = 0; next < queue.size(); ++next) {
      for (const std::uint32_t index : all.clauses_with_[queue[next]]) {
        const Clause& clause = all.problem_.clauses[index];
        if (!brings(clause)) continue;
        const std::vector<Variable> list = targets(index);
        const bool does = std::find(list.begin(), list.end(), queue[next]) != list.end() &&
                          (with_ways || list.size() == 1) &&
                          std::all_of(list.begin(), list.end(), [this](Variable target) { return leads[target]; });
        if (!does) continue;
        if (clause.kind == ClauseKind::request) return index;
        const Variable by = variable_of(all.problem_.literals_of(clause).front());
        if (leads[by]) continue;
        leads[by] = true;
        via[by] = index;
        queue.push_back(by);
      }
    }
    return kNoClause;
  }

  // From a node on, up to the goal or to the next link of several targets.
  [[nodiscard]] std::vector<ChainLink> chain_from(Variable from) const {
    std::vector<ChainLink> chain;
    while (from != goal) {
      chain.push_back({via[from], targets(via[from])});
      if (chain.back().targets.size() > 1) break;
      from = chain.back().targets.front();
    }
    return chain;
  }
};

std::optional<Derivation> Necessity::derive(Variable variable) const {
  for (const bool with_ways : {false, true}) {
    Search search{*this, variable, with_ways};
    const std::uint32_t request = search.run();
    if (request == kNoClause) continue;
    Derivation derivation;
    derivation.trunk.push_back({request, search.targets(request)});
    if (derivation.trunk.back().targets.size() == 1) {
      const auto rest = search.chain_from(derivation.trunk.back().targets.front());
      derivation.trunk.insert(derivation.trunk.end(), rest.begin(), rest.end());
    }
    const std::vector<Variable> last = derivation.trunk.back().targets;
    if (last.size() > 1) {
      for (const Variable target : last) derivation.ways.push_back(search.chain_from(target));
    }
    return derivation;
  }
  return std::nullopt;
}

}  // namespace winnow
