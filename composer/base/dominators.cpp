#include "base/dominators.hpp"

#include <utility>

namespace winnow {

void mark_reached(const Edges& edges, Vertex from, std::vector<bool>& seen, std::vector<Vertex>* order) {
  std::vector<std::pair<Vertex, std::size_t>> path = {{from, 0}};
  seen[from] = true;
  while (!path.empty()) {
    auto& [vertex, next] = path.back();
    if (next == edges[vertex].size()) {
      if (order != nullptr) order->push_back(vertex);
      path.pop_back();
      continue;
    }
    const Vertex to = edges[vertex][next++];
    if (seen[to]) continue;
    seen[to] = true;
    path.emplace_back(to, 0);
  }
}

// Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm".
DominatorTree::DominatorTree(const Edges& edges, Vertex root)
    : root_(root), position_(edges.size(), 0), dominators_(edges.size(), kUnreached) {
  std::vector<bool> seen(edges.size(), false);
  std::vector<Vertex> order;
  mark_reached(edges, root, seen, &order);
  for (std::size_t i = 0; i < order.size(); ++i) position_[order[i]] = i;
  Edges reverse(edges.size());
  for (const Vertex from : order) {
    for (const Vertex to : edges[from]) reverse[to].push_back(from);
  }
  dominators_[root] = root;
  for (bool changed = true; changed;) {
    changed = false;
    for (auto it = order.rbegin() + 1; it != order.rend(); ++it) {
      Vertex nearest = kUnreached;
      for (const Vertex from : reverse[*it]) {
        if (dominators_[from] == kUnreached) continue;
        nearest = nearest == kUnreached ? from : nearest_of_both(nearest, from);
      }
      changed = changed || dominators_[*it] != nearest;
      dominators_[*it] = nearest;
    }
  }
}

Vertex DominatorTree::nearest_of_both(Vertex a, Vertex b) const {
  while (a != b) {
    while (position_[a] < position_[b]) a = dominators_[a];
    while (position_[b] < position_[a]) b = dominators_[b];
  }
  return a;
}

Vertex DominatorTree::common(const std::vector<Vertex>& vertices) const {
  Vertex nearest = vertices.front();
  for (const Vertex vertex : vertices) nearest = nearest_of_both(nearest, vertex);
  return nearest;
}

std::vector<std::vector<Vertex>> DominatorTree::dominated() const {
  std::vector<std::vector<Vertex>> below(dominators_.size());
  for (Vertex vertex = 0; vertex < dominators_.size(); ++vertex) {
    if (vertex == root_ || !is_reached(vertex)) continue;
    for (Vertex at = dominators_[vertex]; at != root_; at = dominators_[at]) below[at].push_back(vertex);
  }
  return below;
}

}  // namespace winnow
