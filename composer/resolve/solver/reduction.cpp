#include "resolve/solver/reduction.hpp"

#include <algorithm>
#include <numeric>

#include "resolve/solver/reduction_rules.hpp"

namespace winnow {

namespace {
constexpr std::uint32_t kNone = UINT32_MAX;
constexpr std::uint64_t kProbeSteps = 50'000'000;  // for each part
}  // namespace

Reduction::Reduction(const Part& part) : part_(part), store_(part) {}

bool Reduction::run() {
  std::uint64_t steps = kProbeSteps;
  for (std::uint64_t before = store_.changes() - 1; before != store_.changes() && !store_.has_conflict();) {
    before = store_.changes();
    for (std::uint64_t cheap = before - 1; cheap != store_.changes() && !store_.has_conflict();) {
      cheap = store_.changes();
      drop_and_ride(store_);
      if (!store_.has_conflict()) merge_circles(store_);
      if (!store_.has_conflict()) subsume(store_);
    }
    if (!store_.has_conflict()) probe(store_, steps);
  }
  if (store_.has_conflict()) return false;
  for (Variable i = 0; i < part_.costs.size(); ++i) {
    if (store_.leader_of(i) == i && store_.value(i) > 0) base_ += store_.cost(i);
  }
  cut();
  return true;
}

Model Reduction::expand(const std::vector<Model>& models) const {
  Model model(part_.costs.size());
  for (Variable i = 0; i < model.size(); ++i) {
    const Variable leader = store_.leader_of(i);
    model[i] = store_.value(leader) == 0 ? models[part_of_[leader]][local_[leader]] : store_.value(leader) > 0;
  }
  return model;
}

bool Reduction::is_false(const FoundingNode& node) const {
  return node.variable != kChosenAlready && store_.value(store_.leader_of(node.variable)) < 0;
}

bool Reduction::is_chosen(const FoundingNode& node) const {
  return node.variable == kChosenAlready || store_.value(store_.leader_of(node.variable)) > 0;
}

// What a chosen source needs is founded too.
void Reduction::find_sources() {
  is_source_.assign(part_.founding.size(), false);
  for (bool again = true; again;) {
    again = false;
    for (std::uint32_t i = 0; i < part_.founding.size(); ++i) {
      const FoundingNode& node = part_.founding[i];
      if (is_source_[i]) continue;
      bool is_source = node.is_source;
      for (std::uint32_t k = 0; k < node.parent_count; ++k) {
        const std::uint32_t parent = part_.parents[node.first_parent + k];
        is_source = is_source || (is_source_[parent] && is_chosen(part_.founding[parent]));
      }
      is_source_[i] = is_source;
      again = again || is_source;
    }
  }
}

std::uint32_t Reduction::find(std::uint32_t element) {
  while (unions_[element] != element) element = unions_[element] = unions_[unions_[element]];
  return element;
}

void Reduction::unite(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t x = find(a), y = find(b);
  unions_[std::max(x, y)] = std::min(x, y);
}

void Reduction::cut() {
  find_sources();
  connect();
  number();
  add_clauses();
  add_founding();
}

void Reduction::connect() {
  const auto variables = static_cast<std::uint32_t>(part_.costs.size());
  unions_.resize(variables + part_.founding.size());
  std::iota(unions_.begin(), unions_.end(), 0);
  for (std::uint32_t i = 0; i < store_.clause_count(); ++i) {
    for (const Literal literal : store_.clause(i)) unite(variable_of(store_.clause(i)[0]), variable_of(literal));
  }
  for (std::uint32_t i = 0; i < part_.founding.size(); ++i) {
    const FoundingNode& node = part_.founding[i];
    if (is_false(node)) continue;
    if (!is_chosen(node)) unite(variables + i, store_.leader_of(node.variable));
    for (std::uint32_t k = 0; k < node.parent_count && !is_source_[i]; ++k) {
      const std::uint32_t parent = part_.parents[node.first_parent + k];
      if (!is_false(part_.founding[parent])) unite(variables + i, variables + parent);
    }
  }
}

// Variables of each part: nodes by the smallest node that they stand for, then the others.
void Reduction::number() {
  const auto variables = static_cast<std::uint32_t>(part_.costs.size());
  part_of_.assign(unions_.size(), kNone);
  local_.assign(unions_.size(), kNone);
  std::vector<Variable> order;
  for (Variable i = 0; i < variables; ++i) {
    if (store_.is_open(i)) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [this](Variable a, Variable b) { return store_.smallest_node(a) < store_.smallest_node(b); });
  const auto part_at = [this](std::uint32_t element) {
    std::uint32_t& part = part_of_[find(element)];
    if (part == kNone) {
      part = static_cast<std::uint32_t>(parts_.size());
      parts_.emplace_back();
    }
    return part_of_[element] = part;
  };
  for (const Variable variable : order) {
    Part& part = parts_[part_at(variable)];
    local_[variable] = static_cast<std::uint32_t>(part.costs.size());
    part.costs.push_back(store_.cost(variable));
    if (store_.smallest_node(variable) != ClauseStore::kNoNodeOf) ++part.node_count;
  }
  for (std::uint32_t i = 0; i < part_.founding.size(); ++i) {
    const FoundingNode& node = part_.founding[i];
    if (is_false(node) || (is_chosen(node) && is_source_[i])) continue;
    Part& part = parts_[part_at(variables + i)];
    local_[variables + i] = static_cast<std::uint32_t>(part.founding.size());
    const std::uint32_t variable = is_chosen(node) ? kChosenAlready : local_[store_.leader_of(node.variable)];
    part.founding.push_back({variable, is_source_[i], node.must_be_founded, 0, 0});
  }
}

void Reduction::add_clauses() {
  std::vector<Literal> literals;
  for (std::uint32_t i = 0; i < store_.clause_count(); ++i) {
    if (!store_.is_alive(i)) continue;
    literals.clear();
    for (const Literal literal : store_.clause(i)) {
      const Variable local = local_[variable_of(literal)];
      literals.push_back(literal > 0 ? positive(local) : negative(local));
    }
    std::sort(literals.begin(), literals.end());
    parts_[part_of_[variable_of(store_.clause(i)[0])]].add_clause(literals);
  }
}

void Reduction::add_founding() {
  const auto variables = static_cast<std::uint32_t>(part_.costs.size());
  for (std::uint32_t i = 0; i < part_.founding.size(); ++i) {
    if (local_[variables + i] == kNone || is_source_[i]) continue;
    const FoundingNode& node = part_.founding[i];
    Part& part = parts_[part_of_[variables + i]];
    FoundingNode& row = part.founding[local_[variables + i]];
    row.first_parent = static_cast<std::uint32_t>(part.parents.size());
    for (std::uint32_t k = 0; k < node.parent_count; ++k) {
      const std::uint32_t parent = part_.parents[node.first_parent + k];
      if (local_[variables + parent] != kNone) part.parents.push_back(local_[variables + parent]);
    }
    row.parent_count = static_cast<std::uint32_t>(part.parents.size()) - row.first_parent;
  }
}

}  // namespace winnow
