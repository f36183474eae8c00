#include "resolve/explain/why.hpp"

#include <algorithm>
#include <tuple>

#include "resolve/explain/choice_graph.hpp"
#include "resolve/explain/prose.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kNoEdge = UINT32_MAX;

// A shortest chain through what was chosen. Hard needs before soft ones of the same length.
std::vector<ChainLink> chosen_chain(const ChoiceGraph& graph, std::size_t node) {
  std::vector<std::uint32_t> via(graph.nodes.size(), kNoEdge);  // into graph.edges
  std::vector<std::vector<std::uint32_t>> edges_from(graph.nodes.size() + 1);
  for (std::uint32_t i = 0; i < graph.edges.size(); ++i) {
    const GraphEdge& edge = graph.edges[i];
    edges_from[edge.from ? *edge.from : graph.nodes.size()].push_back(i);
  }
  std::vector<std::size_t> queue = {graph.nodes.size()};
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const std::uint32_t i : edges_from[queue[next]]) {
      const std::size_t to = graph.edges[i].to;
      if (via[to] != kNoEdge) continue;
      via[to] = i;
      queue.push_back(to);
    }
  }
  std::vector<ChainLink> chain;
  for (std::optional<std::size_t> at = node; at;) {
    const GraphEdge& edge = graph.edges[via[*at]];
    chain.push_back({edge.clause, {graph.nodes[edge.to].variable}});
    at = edge.from;
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

class Explainer {
 public:
  Explainer(const Settled& settled, Variable node, ComponentCache& cache)
      : settled_(settled), graph_(make_choice_graph(settled)), necessity_(settled.problem), pricing_(settled, cache) {
    why_.node = node;
    const auto found = std::lower_bound(settled.optimum.chosen.begin(), settled.optimum.chosen.end(), node);
    index_ = static_cast<std::size_t>(found - settled.optimum.chosen.begin());
  }

  Why run() {
    why_.without = pricing_.without(why_.node);
    if (why_.without.verdict == Verdict::unsatisfiable) {
      explain_forced();
    } else {
      explain_chosen();
    }
    add_other_needs();
    const GraphNode& row = graph_.nodes[index_];
    why_.bytes = row.bytes;
    why_.retained = row.retained;
    for (const std::size_t leaf : row.leaves) why_.leaves.push_back(graph_.nodes[leaf].variable);
    return std::move(why_);
  }

 private:
  void explain_forced() {
    if (auto derivation = necessity_.derive(why_.node)) {
      why_.necessary = derivation->ways.empty() ? Necessary::chain : Necessary::ways;
      why_.derivation = std::move(*derivation);
      return;
    }
    why_.necessary = Necessary::clash;
    why_.derivation.trunk = chosen_chain(graph_, index_);
    Goal goal = settled_.goal;
    goal.forbidden.push_back({settled_.problem.nodes[why_.node], "would be missing", {}});
    if (const auto clash = find_clash(settled_.universe, goal)) why_.clash = reason_lines(*clash);
  }

  void explain_chosen() {
    why_.necessary = Necessary::chosen;
    why_.derivation.trunk = chosen_chain(graph_, index_);
    const auto& trunk = why_.derivation.trunk;
    for (auto link = trunk.rbegin(); link != trunk.rend() && !why_.decided; ++link) {
      const auto possible = necessity_.possible_targets(settled_.problem.clauses[link->clause]);
      if (possible.size() < 2) continue;
      why_.decided = link->targets.front();
      for (const Variable other : possible) {
        if (other != *why_.decided) why_.others.push_back({other, pricing_.instead(*why_.decided, other)});
      }
    }
    std::stable_sort(why_.others.begin(), why_.others.end(), [](const OtherChoice& a, const OtherChoice& b) {
      const bool a_can = has_solution(a.price.verdict), b_can = has_solution(b.price.verdict);
      return std::tuple(!a_can, a.price.change) < std::tuple(!b_can, b.price.change);
    });
  }

  void add_other_needs() {
    const std::vector<ChainLink>& trunk = why_.derivation.trunk;
    for (const GraphEdge& edge : graph_.edges) {
      if (edge.to != index_ || edge.clause == trunk.back().clause) continue;
      const bool is_last_of_a_way =
          std::any_of(why_.derivation.ways.begin(), why_.derivation.ways.end(),
                      [&](const auto& way) { return !way.empty() && way.back().clause == edge.clause; });
      if (!is_last_of_a_way) why_.also.push_back(edge.clause);
    }
  }

  const Settled& settled_;
  ChoiceGraph graph_;
  Necessity necessity_;
  Pricing pricing_;
  std::size_t index_ = 0;  // of the node in graph_
  Why why_;
};

}  // namespace

std::string_view to_string(Necessary necessary) {
  switch (necessary) {
    case Necessary::chain:
      return "chain";
    case Necessary::ways:
      return "ways";
    case Necessary::clash:
      return "clash";
    case Necessary::chosen:
      return "chosen";
  }
  return "";
}

Why explain_why(const Settled& settled, Variable node, ComponentCache& cache) {
  return Explainer(settled, node, cache).run();
}

}  // namespace winnow
