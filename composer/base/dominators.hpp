// Dominators of a graph: on every way from the root to a vertex there is its dominator. What hangs on one vertex alone
// is its subtree in the tree of dominators.
#pragma once

#include <cstdint>
#include <vector>

namespace winnow {

using Vertex = std::uint32_t;
using Edges = std::vector<std::vector<Vertex>>;  // by vertex: where its edges lead

class DominatorTree {
 public:
  // Precondition: every edge leads to a vertex of the graph. Vertices that the root does not reach have no dominator.
  DominatorTree(const Edges& edges, Vertex root);

  // The nearest vertex on every way from the root to `vertex`; the root's is the root.
  [[nodiscard]] Vertex dominator(Vertex vertex) const { return dominators_[vertex]; }
  [[nodiscard]] bool is_reached(Vertex vertex) const { return dominators_[vertex] != kUnreached; }
  // The nearest one on every way to any of `vertices`, one of them itself perhaps. Precondition: not empty, reached.
  [[nodiscard]] Vertex common(const std::vector<Vertex>& vertices) const;
  // By vertex: all that it dominates, sorted; without itself. The root's list is empty.
  [[nodiscard]] std::vector<std::vector<Vertex>> dominated() const;

 private:
  static constexpr Vertex kUnreached = UINT32_MAX;
  [[nodiscard]] Vertex nearest_of_both(Vertex a, Vertex b) const;

  Vertex root_;
  std::vector<std::size_t> position_;  // by vertex, in post-order: the root's is the highest
  std::vector<Vertex> dominators_;
};

// Marks in `seen` all that `from` reaches through vertices that are not marked yet, depth first; `order`, when given,
// gets vertices when all below them is done.
void mark_reached(const Edges& edges, Vertex from, std::vector<bool>& seen, std::vector<Vertex>* order = nullptr);

}  // namespace winnow
