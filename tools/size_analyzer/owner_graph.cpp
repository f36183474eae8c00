#include "size_analyzer/owner_graph.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

void sort_unique(std::vector<OwnerIndex>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

OwnerGraph::OwnerGraph(const ImageFacts& facts) : edges_(facts.owners.size()) {
  std::vector<bool> is_needed(facts.owners.size(), false);
  for (OwnerIndex owner = 1; owner < facts.owners.size(); ++owner) {
    for (const OwnerNeed& need : facts.owners[owner].needs) {
      if (need.to == owner || need.to == kNobody) continue;
      edges_[owner].push_back(need.to);
      is_needed[need.to] = true;
    }
    sort_unique(edges_[owner]);
  }
  for (OwnerIndex owner = 1; owner < facts.owners.size(); ++owner) {
    if (facts.owners[owner].is_requested || !is_needed[owner]) edges_[kNobody].push_back(owner);
  }
  add_circles();
  find_dominators();
}

void OwnerGraph::add_circles() {
  std::vector<bool> seen(edges_.size(), false);
  visit(kNobody, seen, nullptr);
  for (OwnerIndex owner = 1; owner < edges_.size(); ++owner) {
    if (seen[owner]) continue;
    edges_[kNobody].push_back(owner);
    visit(owner, seen, nullptr);
  }
  sort_unique(edges_[kNobody]);
}

// Depth first without recursion; `order` gets owners when all below them is done.
void OwnerGraph::visit(OwnerIndex from, std::vector<bool>& seen, std::vector<OwnerIndex>* order) const {
  std::vector<std::pair<OwnerIndex, std::size_t>> path = {{from, 0}};
  seen[from] = true;
  while (!path.empty()) {
    auto& [owner, next] = path.back();
    if (next == edges_[owner].size()) {
      if (order != nullptr) order->push_back(owner);
      path.pop_back();
      continue;
    }
    const OwnerIndex to = edges_[owner][next++];
    if (seen[to]) continue;
    seen[to] = true;
    path.emplace_back(to, 0);
  }
}

std::vector<bool> OwnerGraph::reachable_without(const std::vector<OwnerIndex>& removed) const {
  std::vector<bool> seen(edges_.size(), false);
  for (const OwnerIndex owner : removed) seen[owner] = true;
  visit(kNobody, seen, nullptr);
  for (const OwnerIndex owner : removed) seen[owner] = false;
  return seen;
}

OwnerIndex OwnerGraph::nearest_of_both(OwnerIndex a, OwnerIndex b) const {
  while (a != b) {
    while (position_[a] < position_[b]) a = dominators_[a];
    while (position_[b] < position_[a]) b = dominators_[b];
  }
  return a;
}

OwnerIndex OwnerGraph::common_dominator(const std::vector<OwnerIndex>& owners) const {
  OwnerIndex nearest = owners.front();
  for (const OwnerIndex owner : owners) nearest = nearest_of_both(nearest, owner);
  return nearest;
}

// Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm".
void OwnerGraph::find_dominators() {
  std::vector<bool> seen(edges_.size(), false);
  std::vector<OwnerIndex> order;
  visit(kNobody, seen, &order);
  position_.assign(edges_.size(), 0);
  for (std::size_t i = 0; i < order.size(); ++i) position_[order[i]] = i;
  std::vector<std::vector<OwnerIndex>> needed_by(edges_.size());
  for (OwnerIndex from = 0; from < edges_.size(); ++from) {
    for (const OwnerIndex to : edges_[from]) needed_by[to].push_back(from);
  }
  constexpr OwnerIndex kUnknown = 0xFFFFFFFF;
  dominators_.assign(edges_.size(), kUnknown);
  dominators_[kNobody] = kNobody;
  for (bool changed = true; changed;) {
    changed = false;
    for (auto it = order.rbegin() + 1; it != order.rend(); ++it) {
      OwnerIndex nearest = kUnknown;
      for (const OwnerIndex from : needed_by[*it]) {
        if (dominators_[from] == kUnknown) continue;
        nearest = nearest == kUnknown ? from : nearest_of_both(nearest, from);
      }
      changed = changed || dominators_[*it] != nearest;
      dominators_[*it] = nearest;
    }
  }
}

std::vector<std::vector<OwnerIndex>> OwnerGraph::dominated() const {
  std::vector<std::vector<OwnerIndex>> below(edges_.size());
  for (OwnerIndex owner = 1; owner < edges_.size(); ++owner) {
    for (OwnerIndex at = dominators_[owner]; at != kNobody; at = dominators_[at]) below[at].push_back(owner);
  }
  return below;
}

}  // namespace winnow
