// The chosen nodes as a graph, and what hangs on each of them: the bytes that would leave with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "resolve/explain/settled.hpp"

namespace winnow {

struct GraphEdge {
  std::optional<std::size_t> from;  // nothing: the request; else into ChoiceGraph::nodes
  std::size_t to = 0;
  std::uint32_t clause = 0;  // into Problem::clauses: a request, a need or a gate
};

struct GraphNode {
  Variable variable = 0;
  std::uint64_t bytes = 0;          // its own, in the measure of the goal
  std::uint64_t retained = 0;       // with those of all that leave with it, and of files that only they share
  std::vector<std::size_t> leaves;  // what leaves with it, without itself: into ChoiceGraph::nodes, ascending
};

struct ChoiceGraph {
  std::vector<GraphNode> nodes;  // as Optimum::chosen
  std::vector<GraphEdge> edges;  // requests first, then by the node that asks
};

[[nodiscard]] ChoiceGraph make_choice_graph(const Settled& settled);

// For Graphviz: what is soft or only admits is dashed. Ends in a line end.
[[nodiscard]] std::string print_dot(const Settled& settled, const ChoiceGraph& graph);
// Schema "winnow-graph-1".
[[nodiscard]] Json to_json(const Settled& settled, const ChoiceGraph& graph);

}  // namespace winnow
