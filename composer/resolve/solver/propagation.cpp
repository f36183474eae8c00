#include "resolve/solver/propagation.hpp"

#include <algorithm>

#include "resolve/solver/part.hpp"

namespace winnow {

namespace {

bool founds_targets(const Clause& clause) {
  return clause.kind == ClauseKind::request || clause.kind == ClauseKind::need;
}

}  // namespace

Propagation::Propagation(const Problem& problem)
    : problem_(problem),
      values_(problem.costs.size()),
      open_(problem.clauses.size()),
      satisfied_(problem.clauses.size()),
      refused_(problem.node_count()),
      sources_(problem.node_count()),
      must_be_founded_(problem.node_count()),
      watched_(problem.node_count()) {
  index_clauses();
}

void Propagation::index_clauses() {
  first_.resize(2 * values_.size() + 1);
  for (const Clause& clause : problem_.clauses) {
    for (const Literal literal : problem_.literals_of(clause)) ++first_[slot_of(literal) + 1];
  }
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  occurrences_.resize(first_.back());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (std::uint32_t i = 0; i < problem_.clauses.size(); ++i) {
    open_[i] = problem_.clauses[i].count;
    for (const Literal literal : problem_.literals_of(problem_.clauses[i])) occurrences_[next[slot_of(literal)]++] = i;
  }
}

std::span<const std::uint32_t> Propagation::clauses_with(Literal literal) const {
  const std::size_t at = slot_of(literal);
  return std::span(occurrences_).subspan(first_[at], first_[at + 1] - first_[at]);
}

bool Propagation::run() {
  for (std::uint32_t i = 0; i < problem_.clauses.size(); ++i) {
    if (open_[i] < 2) find_unit(i);
  }
  propagate();
  while (!has_conflict_ && refuse_unreachable()) propagate();
  if (has_conflict_) return false;
  sources_ = reach([this](Variable node) { return is_true(node); });
  do {
    find_watched();
  } while (drop_unneeded());
  return true;
}

void Propagation::enqueue(Literal literal) {
  values_[variable_of(literal)] = literal > 0 ? 1 : -1;
  queue_.push_back(literal);
}

void Propagation::find_unit(std::uint32_t index) {
  const Clause& clause = problem_.clauses[index];
  if (clause.soft != kHard || satisfied_[index]) return;
  if (open_[index] == 0) {
    has_conflict_ = true;
    return;
  }
  for (const Literal literal : problem_.literals_of(clause)) {
    if (is_false_literal(literal)) continue;
    if (!is_open(variable_of(literal))) return;
    if (is_recording_) forced_.push_back(index);
    enqueue(literal);
    return;
  }
}

void Propagation::make_true(Literal literal) {
  for (const std::uint32_t clause : clauses_with(literal)) satisfied_[clause] = 1;
  for (const std::uint32_t clause : clauses_with(-literal)) {
    if (--open_[clause] < 2) find_unit(clause);
  }
}

void Propagation::propagate() {
  while (next_ < queue_.size() && !has_conflict_) make_true(queue_[next_++]);
}

template <typename IsPassable>
bool Propagation::founds(const Clause& clause, const std::vector<bool>& reached, const IsPassable& is_passable) const {
  if (!founds_targets(clause)) return false;
  const auto literals = problem_.literals_of(clause);
  return std::all_of(literals.begin(), literals.end(), [&](Literal literal) {
    return literal > 0 || (reached[variable_of(literal)] && is_passable(variable_of(literal)));
  });
}

// The nodes that a chain through passable nodes leads to.
template <typename IsPassable>
std::vector<bool> Propagation::reach(const IsPassable& is_passable) const {
  std::vector<bool> reached(problem_.node_count());
  std::vector<Variable> queue;
  const auto visit_targets = [&](const Clause& clause) {
    for (const Literal literal : problem_.literals_of(clause)) {
      if (literal < 0 || is_false(variable_of(literal)) || reached[variable_of(literal)]) continue;
      reached[variable_of(literal)] = true;
      queue.push_back(variable_of(literal));
    }
  };
  for (const Clause& clause : problem_.clauses) {
    const auto literals = problem_.literals_of(clause);
    if (!founds_targets(clause)) continue;
    if (std::all_of(literals.begin(), literals.end(), [](Literal literal) { return literal > 0; }))
      visit_targets(clause);
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    if (!is_passable(queue[next])) continue;
    for (const std::uint32_t index : clauses_with(negative(queue[next]))) {
      const Clause& clause = problem_.clauses[index];
      if (founds(clause, reached, is_passable)) visit_targets(clause);
    }
  }
  return reached;
}

bool Propagation::refuse_unreachable() {
  const std::vector<bool> reached = reach([this](Variable node) { return !is_false(node); });
  std::vector<Variable> refused;
  for (Variable node = 0; node < problem_.node_count(); ++node) {
    if (reached[node] || is_false(node)) continue;
    refused.push_back(node);
    if (is_true(node)) has_conflict_ = true;
  }
  if (refused.empty() || has_conflict_) return false;
  is_recording_ = false;
  for (const Variable node : refused) {
    refused_[node] = true;
    for (const std::uint32_t clause : clauses_with(negative(node))) satisfied_[clause] = 1;
  }
  collect_unreachable(refused);
  for (const Variable node : refused) enqueue(negative(node));
  return true;
}

// Those that a clause still asks for, and, backwards, whatever could have founded them.
void Propagation::collect_unreachable(const std::vector<Variable>& refused) {
  std::vector<Variable> queue;
  for (const Variable node : refused) {
    const auto clauses = clauses_with(positive(node));
    if (std::any_of(clauses.begin(), clauses.end(), [this](std::uint32_t i) { return !satisfied_[i]; }))
      queue.push_back(node);
  }
  std::vector<bool> is_in(problem_.node_count());
  for (const Variable node : queue) is_in[node] = true;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const std::uint32_t index : clauses_with(positive(queue[next]))) {
      const Clause& clause = problem_.clauses[index];
      if (!founds_targets(clause)) continue;
      for (const Literal literal : problem_.literals_of(clause)) {
        const Variable parent = variable_of(literal);
        if (literal > 0 || !refused_[parent] || is_in[parent]) continue;
        is_in[parent] = true;
        queue.push_back(parent);
      }
    }
  }
  if (queue.empty()) return;
  std::sort(queue.begin(), queue.end());
  unreachable_.push_back(std::move(queue));
}

std::vector<Variable> Propagation::parents_of(Variable node) const {
  std::vector<Variable> parents;
  for (const std::uint32_t index : clauses_with(positive(node))) {
    const Clause& clause = problem_.clauses[index];
    if (!founds_targets(clause)) continue;
    for (const Literal literal : problem_.literals_of(clause)) {
      if (literal > 0) continue;
      if (!is_false(variable_of(literal))) parents.push_back(variable_of(literal));
      break;
    }
  }
  return parents;
}

// A preference names a target of a need: with the need's node chosen, the target is founded.
bool Propagation::is_founded_beside(std::uint32_t index, Variable target) const {
  const auto own = problem_.literals_of(problem_.clauses[index]);
  const auto clauses = clauses_with(positive(target));
  return std::any_of(clauses.begin(), clauses.end(), [&](std::uint32_t other) {
    if (!founds_targets(problem_.clauses[other])) return false;
    const auto literals = problem_.literals_of(problem_.clauses[other]);
    return std::all_of(literals.begin(), literals.end(), [&](Literal literal) {
      return literal > 0 || std::find(own.begin(), own.end(), literal) != own.end();
    });
  });
}

// A node is taken without a chain only when something other than a need asks for it, or when it costs nothing.
void Propagation::find_watched() {
  std::fill(must_be_founded_.begin(), must_be_founded_.end(), false);
  std::fill(watched_.begin(), watched_.end(), false);
  std::vector<Variable> queue;
  const auto watch = [&](Variable node) {
    if (watched_[node]) return;
    watched_[node] = true;
    queue.push_back(node);
  };
  const auto require = [&](Variable node) {
    if (is_false(node) || sources_[node]) return;
    must_be_founded_[node] = true;
    watch(node);
  };
  for (Variable node = 0; node < problem_.node_count(); ++node) {
    if (is_true(node) || problem_.costs[node].is_zero()) require(node);
  }
  for (std::uint32_t i = 0; i < problem_.clauses.size(); ++i) {
    const Clause& clause = problem_.clauses[i];
    if (satisfied_[i] || founds_targets(clause)) continue;
    for (const Literal literal : problem_.literals_of(clause)) {
      if (literal < 0 || variable_of(literal) >= problem_.node_count()) continue;
      if (clause.kind != ClauseKind::prefer || !is_founded_beside(i, variable_of(literal)))
        require(variable_of(literal));
    }
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    if (sources_[queue[next]]) continue;
    for (const Variable parent : parents_of(queue[next])) watch(parent);
  }
}

// A node that costs something and that no clause asks for is in no best solution; without it, its own needs go too.
bool Propagation::drop_unneeded() {
  std::vector<std::uint32_t> asked(values_.size());
  for (std::uint32_t i = 0; i < problem_.clauses.size(); ++i) {
    if (satisfied_[i]) continue;
    for (const Literal literal : problem_.literals_of(problem_.clauses[i])) {
      if (literal > 0) ++asked[variable_of(literal)];
    }
  }
  std::vector<Variable> queue;
  const auto consider = [&](Variable variable) {
    if (!is_open(variable) || asked[variable] != 0) return;
    const bool is_node = variable < problem_.node_count();
    if (is_node && (watched_[variable] || problem_.costs[variable].is_zero())) return;
    values_[variable] = -1;
    queue.push_back(variable);
  };
  for (Variable variable = 0; variable < values_.size(); ++variable) consider(variable);
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const std::uint32_t index : clauses_with(negative(queue[next]))) {
      if (satisfied_[index]) continue;
      satisfied_[index] = 1;
      for (const Literal literal : problem_.literals_of(problem_.clauses[index])) {
        if (literal < 0) continue;
        --asked[variable_of(literal)];
        consider(variable_of(literal));
      }
    }
  }
  return !queue.empty();
}

}  // namespace winnow
