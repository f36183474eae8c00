#include "base/dominators.hpp"

#include <gtest/gtest.h>

#include <random>

namespace winnow {
namespace {

//      0
//    1   2
//     \ / \.
//      3   4 <-> 5     6 hangs in the air
TEST(DominatorTree, OfAGraphOneCanFollow) {
  const DominatorTree tree({{1, 2}, {3}, {3, 4}, {}, {5}, {4}, {3}}, 0);
  EXPECT_EQ(tree.dominator(1), 0u);
  EXPECT_EQ(tree.dominator(3), 0u);
  EXPECT_EQ(tree.dominator(4), 2u);
  EXPECT_EQ(tree.dominator(5), 4u);
  EXPECT_TRUE(tree.is_reached(5));
  EXPECT_FALSE(tree.is_reached(6));
  EXPECT_EQ(tree.common({4, 5}), 4u);
  EXPECT_EQ(tree.common({5, 3}), 0u);
  EXPECT_EQ(tree.dominated(), (std::vector<std::vector<Vertex>>{{}, {}, {4, 5}, {}, {5}, {}, {}}));
}

// By the definition: `a` dominates `b` when the root does not reach `b` without it.
std::vector<std::vector<Vertex>> dominated_by_definition(const Edges& edges) {
  std::vector<std::vector<Vertex>> below(edges.size());
  std::vector<bool> all(edges.size(), false);
  mark_reached(edges, 0, all);
  for (Vertex a = 1; a < edges.size(); ++a) {
    if (!all[a]) continue;
    std::vector<bool> seen(edges.size(), false);
    seen[a] = true;
    mark_reached(edges, 0, seen);
    for (Vertex b = 1; b < edges.size(); ++b) {
      if (all[b] && !seen[b]) below[a].push_back(b);
    }
  }
  return below;
}

TEST(DominatorTree, EqualsTheDefinitionOnRandomGraphs) {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    Edges edges(2 + random() % 12);
    const std::size_t count = random() % (3 * edges.size());
    for (std::size_t i = 0; i < count; ++i) {
      edges[random() % edges.size()].push_back(static_cast<Vertex>(random() % edges.size()));
    }
    ASSERT_EQ(DominatorTree(edges, 0).dominated(), dominated_by_definition(edges)) << "round " << round;
  }
}

}  // namespace
}  // namespace winnow
