#include "size_analyzer/owner_graph.hpp"

#include <algorithm>

namespace winnow {

namespace {

void sort_unique(std::vector<Vertex>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

// Circles that nothing else reaches hang on their first owner.
void add_circles(Edges& edges) {
  std::vector<bool> seen(edges.size(), false);
  mark_reached(edges, kNobody, seen);
  for (OwnerIndex owner = 1; owner < edges.size(); ++owner) {
    if (seen[owner]) continue;
    edges[kNobody].push_back(owner);
    mark_reached(edges, owner, seen);
  }
  sort_unique(edges[kNobody]);
}

Edges edges_of(const ImageFacts& facts) {
  Edges edges(facts.owners.size());
  std::vector<bool> is_needed(facts.owners.size(), false);
  for (OwnerIndex owner = 1; owner < facts.owners.size(); ++owner) {
    for (const OwnerNeed& need : facts.owners[owner].needs) {
      if (need.to == owner || need.to == kNobody) continue;
      edges[owner].push_back(need.to);
      is_needed[need.to] = true;
    }
    sort_unique(edges[owner]);
  }
  for (OwnerIndex owner = 1; owner < facts.owners.size(); ++owner) {
    if (facts.owners[owner].is_requested || !is_needed[owner]) edges[kNobody].push_back(owner);
  }
  add_circles(edges);
  return edges;
}

}  // namespace

OwnerGraph::OwnerGraph(const ImageFacts& facts) : edges_(edges_of(facts)), dominators_(edges_, kNobody) {}

std::vector<bool> OwnerGraph::reachable_without(const std::vector<OwnerIndex>& removed) const {
  std::vector<bool> seen(edges_.size(), false);
  for (const OwnerIndex owner : removed) seen[owner] = true;
  mark_reached(edges_, kNobody, seen);
  for (const OwnerIndex owner : removed) seen[owner] = false;
  return seen;
}

}  // namespace winnow
