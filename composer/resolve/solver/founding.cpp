#include "resolve/solver/founding.hpp"

#include <algorithm>
#include <set>

namespace winnow {

std::vector<bool> Founding::founded(const Model& model) const {
  const auto& nodes = part_.founding;
  std::vector<std::vector<std::uint32_t>> children(nodes.size());
  std::vector<std::uint32_t> queue;
  std::vector<bool> is_founded(nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (!is_chosen(i, model)) continue;
    for (std::uint32_t k = 0; k < nodes[i].parent_count; ++k)
      children[part_.parents[nodes[i].first_parent + k]].push_back(i);
    if (!nodes[i].is_source) continue;
    is_founded[i] = true;
    queue.push_back(i);
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const std::uint32_t child : children[queue[next]]) {
      if (is_founded[child]) continue;
      is_founded[child] = true;
      queue.push_back(child);
    }
  }
  return is_founded;
}

std::vector<std::vector<std::uint32_t>> Founding::unfounded_sets(const Model& model) const {
  if (part_.founding.empty()) return {};
  const std::vector<bool> is_founded = founded(model);
  const auto is_unfounded = [&](std::uint32_t node) { return !is_founded[node] && is_chosen(node, model); };
  std::set<std::vector<std::uint32_t>> sets;
  for (std::uint32_t i = 0; i < part_.founding.size(); ++i) {
    if (!part_.founding[i].must_be_founded || !is_unfounded(i)) continue;
    std::vector<std::uint32_t> set{i};
    std::vector<bool> is_in(part_.founding.size());
    is_in[i] = true;
    for (std::size_t next = 0; next < set.size(); ++next) {
      const FoundingNode& node = part_.founding[set[next]];
      for (std::uint32_t k = 0; k < node.parent_count; ++k) {
        const std::uint32_t parent = part_.parents[node.first_parent + k];
        if (is_in[parent] || !is_unfounded(parent)) continue;
        is_in[parent] = true;
        set.push_back(parent);
      }
    }
    std::sort(set.begin(), set.end());
    sets.insert(std::move(set));
  }
  return {sets.begin(), sets.end()};
}

std::vector<std::vector<Literal>> Founding::clauses_of(const std::vector<std::uint32_t>& unfounded) const {
  std::vector<Literal> supports;
  for (const std::uint32_t index : unfounded) {
    const FoundingNode& node = part_.founding[index];
    for (std::uint32_t k = 0; k < node.parent_count; ++k) {
      const std::uint32_t parent = part_.parents[node.first_parent + k];
      if (std::binary_search(unfounded.begin(), unfounded.end(), parent)) continue;
      if (part_.founding[parent].variable == kChosenAlready) return {};
      supports.push_back(positive(part_.founding[parent].variable));
    }
  }
  std::sort(supports.begin(), supports.end());
  supports.erase(std::unique(supports.begin(), supports.end()), supports.end());
  std::vector<std::vector<Literal>> clauses;
  for (const std::uint32_t index : unfounded) {
    std::vector<Literal> clause = supports;
    const std::uint32_t variable = part_.founding[index].variable;
    if (variable != kChosenAlready) clause.push_back(negative(variable));
    clauses.push_back(std::move(clause));
  }
  return clauses;
}

}  // namespace winnow
