#include "resolve/solver/clause_store.hpp"

#include <algorithm>

namespace winnow {

ClauseStore::ClauseStore(const Part& part)
    : occurrences_(2 * part.costs.size()),
      counts_(2 * part.costs.size()),
      values_(part.costs.size()),
      leaders_(part.costs.size()),
      costs_(part.costs),
      smallest_nodes_(part.costs.size(), kNoNodeOf),
      watched_(part.costs.size()) {
  for (Variable i = 0; i < values_.size(); ++i) leaders_[i] = i;
  for (Variable i = 0; i < part.node_count; ++i) smallest_nodes_[i] = i;
  for (const FoundingNode& node : part.founding) {
    if (node.variable != kChosenAlready) watched_[node.variable] = true;
  }
  literals_ = part.literals;
  rows_.reserve(part.clause_count());
  std::vector<Literal> units;
  for (std::uint32_t i = 0; i < part.clause_count(); ++i) {
    const auto literals = part.clause(i);
    Row row{i == 0 ? 0 : part.ends[i - 1], static_cast<std::uint32_t>(literals.size()), 0};
    sign(row);
    if (row.count == 0) has_conflict_ = true;
    if (row.count == 1) units.push_back(literals[0]);
    for (const Literal literal : literals) {
      occurrences_[slot_of(literal)].push_back(i);
      ++counts_[slot_of(literal)];
    }
    rows_.push_back(row);
  }
  for (const Literal literal : units) set(literal);
}

void ClauseStore::sign(Row& row) {
  row.signature = 0;
  for (std::uint32_t i = 0; i < row.count; ++i) row.signature |= 1ULL << (variable_of(literals_[row.first + i]) % 64);
}

bool ClauseStore::contains(std::uint32_t clause_index, Literal literal) const {
  const auto literals = clause(clause_index);
  return std::find(literals.begin(), literals.end(), literal) != literals.end();
}

Variable ClauseStore::leader_of(Variable variable) const {
  while (leaders_[variable] != variable) variable = leaders_[variable];
  return variable;
}

void ClauseStore::assign(Literal literal) {
  std::int8_t& value = values_[variable_of(literal)];
  const std::int8_t wanted = literal > 0 ? 1 : -1;
  if (value == wanted) return;
  if (value != 0) {
    has_conflict_ = true;
    return;
  }
  value = wanted;
  ++changes_;
  queue_.push_back(literal);
}

void ClauseStore::set(Literal literal) {
  assign(literal);
  propagate();
}

void ClauseStore::propagate() {
  while (!queue_.empty() && !has_conflict_) {
    const Literal literal = queue_.back();
    queue_.pop_back();
    for (const std::uint32_t clause : occurrences_[slot_of(literal)]) {
      if (is_alive(clause)) kill(clause);
    }
    const std::vector<std::uint32_t> shorter = std::move(occurrences_[slot_of(-literal)]);
    occurrences_[slot_of(-literal)].clear();
    for (const std::uint32_t clause : shorter) {
      if (is_alive(clause)) shorten(clause, -literal);
    }
  }
}

void ClauseStore::kill(std::uint32_t index) {
  for (const Literal literal : clause(index)) --counts_[slot_of(literal)];
  rows_[index].count = 0;
  ++changes_;
}

void ClauseStore::strengthen(std::uint32_t index, Literal literal) {
  shorten(index, literal);
  propagate();
}

// A clause of one literal lives until propagate() comes to it.
void ClauseStore::shorten(std::uint32_t index, Literal literal) {
  Row& row = rows_[index];
  const auto first = literals_.begin() + row.first;
  const auto at = std::find(first, first + row.count, literal);
  std::rotate(at, at + 1, first + row.count);
  --row.count;
  --counts_[slot_of(literal)];
  std::erase(occurrences_[slot_of(literal)], index);
  sign(row);
  ++changes_;
  if (row.count == 0) has_conflict_ = true;
  if (row.count == 1) assign(literals_[row.first]);
}

void ClauseStore::replace(std::uint32_t index, Literal from, Literal to) {
  if (contains(index, -to)) return kill(index);
  if (contains(index, to)) return shorten(index, from);
  Row& row = rows_[index];
  const auto first = literals_.begin() + row.first;
  *std::find(first, first + row.count, from) = to;
  std::sort(first, first + row.count);
  sign(row);
  --counts_[slot_of(from)];
  ++counts_[slot_of(to)];
  occurrences_[slot_of(to)].push_back(index);
}

void ClauseStore::merge(Variable leader, Variable other) {
  ++changes_;
  leaders_[other] = leader;
  costs_[leader] += costs_[other];
  smallest_nodes_[leader] = std::min(smallest_nodes_[leader], smallest_nodes_[other]);
  watched_[leader] = watched_[leader] || watched_[other];
  for (const Literal sign : {1, -1}) {
    const Literal from = sign * positive(other);
    const std::vector<std::uint32_t> clauses = occurrences_[slot_of(from)];
    for (const std::uint32_t clause : clauses) {
      if (is_alive(clause)) replace(clause, from, sign * positive(leader));
    }
    occurrences_[slot_of(from)].clear();
  }
  propagate();
}

}  // namespace winnow
