#include "resolve/explain/choice_graph.hpp"

#include <algorithm>

#include "base/dominators.hpp"
#include "base/text_table.hpp"
#include "resolve/explain/prose.hpp"

namespace winnow {

namespace {

constexpr std::size_t kNotChosen = SIZE_MAX;

// By variable: its index among the chosen ones.
std::vector<std::size_t> chosen_index(const Settled& settled) {
  std::vector<std::size_t> index(settled.problem.node_count(), kNotChosen);
  for (std::size_t i = 0; i < settled.optimum.chosen.size(); ++i) index[settled.optimum.chosen[i]] = i;
  return index;
}

bool is_followed(ClauseKind kind) {
  return kind == ClauseKind::request || kind == ClauseKind::need || kind == ClauseKind::gate;
}

std::vector<GraphEdge> edges_of(const Settled& settled) {
  const Problem& problem = settled.problem;
  const std::vector<std::size_t> index = chosen_index(settled);
  std::vector<GraphEdge> edges;
  for (std::uint32_t i = 0; i < problem.clauses.size(); ++i) {
    const Clause& clause = problem.clauses[i];
    if (!is_followed(clause.kind)) continue;
    GraphEdge edge;
    edge.clause = i;
    if (clause.kind != ClauseKind::request) {
      const std::size_t from = index[variable_of(problem.literals_of(clause).front())];
      if (from == kNotChosen) continue;
      edge.from = from;
    }
    for (const Variable target : targets_of(problem, clause)) {
      edge.to = index[target];
      if (edge.to != kNotChosen) edges.push_back(edge);
    }
  }
  return edges;
}

// What several nodes share leaves with the nearest node that all of them hang on.
void add_shared_files(const Settled& settled, const DominatorTree& tree, std::vector<std::uint64_t>& direct) {
  const Problem& problem = settled.problem;
  const std::vector<std::size_t> index = chosen_index(settled);
  std::vector<std::vector<Vertex>> owners(problem.costs.size());
  for (const Clause& clause : problem.clauses) {
    if (clause.kind != ClauseKind::file) continue;
    const auto literals = problem.literals_of(clause);
    const std::size_t owner = index[variable_of(literals[0])];
    if (owner != kNotChosen) owners[variable_of(literals[1])].push_back(static_cast<Vertex>(owner));
  }
  for (Variable file = 0; file < owners.size(); ++file) {
    if (owners[file].empty()) continue;
    direct[tree.common(owners[file])] += static_cast<std::uint64_t>(problem.costs[file][CostLevel::bytes]);
  }
}

void add_retained(const Settled& settled, ChoiceGraph& graph) {
  const auto root = static_cast<Vertex>(graph.nodes.size());
  Edges edges(graph.nodes.size() + 1);
  for (const GraphEdge& edge : graph.edges) {
    if (settled.problem.clauses[edge.clause].kind == ClauseKind::gate) continue;  // admits, but brings nothing
    edges[edge.from ? *edge.from : root].push_back(static_cast<Vertex>(edge.to));
  }
  const DominatorTree tree(edges, root);
  std::vector<std::uint64_t> direct(edges.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) direct[i] = graph.nodes[i].bytes;
  add_shared_files(settled, tree, direct);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (Vertex at = static_cast<Vertex>(i); at != root; at = tree.dominator(at)) {
      graph.nodes[at].retained += direct[i];
      if (at != i) graph.nodes[at].leaves.push_back(i);
    }
  }
}

// In quotes, as Graphviz reads them.
std::string dot_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

ChoiceGraph make_choice_graph(const Settled& settled) {
  ChoiceGraph graph;
  for (const Variable variable : settled.optimum.chosen) {
    const auto bytes = static_cast<std::uint64_t>(settled.problem.costs[variable][CostLevel::bytes]);
    graph.nodes.push_back({variable, bytes, 0, {}});
  }
  graph.edges = edges_of(settled);
  add_retained(settled, graph);
  return graph;
}

std::string print_dot(const Settled& settled, const ChoiceGraph& graph) {
  const auto& [universe, goal, problem, optimum] = settled;
  std::string text = "digraph winnow {\n  rankdir=LR;\n  node [shape=box];\n";
  text += "  request [label=" + dot_text(goal.app) + ", shape=ellipse];\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    std::string label = dot_text(name_of(universe, problem, node.variable));
    label.insert(label.size() - 1, "\\n" + grouped_digits(node.bytes) + ", retains " + grouped_digits(node.retained));
    text += "  n" + std::to_string(i) + " [label=" + label + "];\n";
  }
  for (const GraphEdge& edge : graph.edges) {
    const Clause& clause = problem.clauses[edge.clause];
    const Statement said = statement_of(universe, goal, problem, clause);
    const bool is_dashed = clause.kind == ClauseKind::gate || clause.soft != kHard;
    text += "  " + (edge.from ? "n" + std::to_string(*edge.from) : "request") + " -> n" + std::to_string(edge.to) +
            " [tooltip=" + dot_text(said.subject + " " + said.predicate + in_brackets(said.place)) +
            (is_dashed ? ", style=dashed" : "") + "];\n";
  }
  return text + "}\n";
}

Json to_json(const Settled& settled, const ChoiceGraph& graph) {
  const auto& [universe, goal, problem, optimum] = settled;
  Json nodes = Json::array();
  for (const GraphNode& node : graph.nodes) {
    const UniverseNode& row = universe.nodes()[problem.nodes[node.variable]];
    nodes.push_back({{"name", universe.text(row.name)},
                     {"version", universe.text(row.version)},
                     {"architecture", universe.text(row.architecture)},
                     {"language", universe.text(row.language)},
                     {"bytes", node.bytes},
                     {"retainedBytes", node.retained},
                     {"leaves", node.leaves}});
  }
  Json edges = Json::array();
  for (const GraphEdge& edge : graph.edges) {
    const Clause& clause = problem.clauses[edge.clause];
    const Statement said = statement_of(universe, goal, problem, clause);
    const bool is_request = clause.kind == ClauseKind::request;
    edges.push_back({{"from", edge.from ? Json(*edge.from) : Json()},
                     {"to", edge.to},
                     {"kind", is_request ? "request" : to_string(universe.needs()[clause.source].kind)},
                     {"soft", clause.soft != kHard},
                     {"subject", said.subject},
                     {"text", said.predicate},
                     {"place", to_string(said.place)}});
  }
  return {{"schema", "winnow-graph-1"},
          {"app", goal.app},
          {"measure", to_string(goal.measure)},
          {"nodes", std::move(nodes)},
          {"edges", std::move(edges)}};
}

}  // namespace winnow
