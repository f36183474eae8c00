#include "resolve/solver/totalizer.hpp"

#include <algorithm>
#include <array>

namespace winnow {

Totalizer::Totalizer(std::span<const Literal> inputs) { build(inputs); }

std::uint32_t Totalizer::build(std::span<const Literal> inputs) {
  Node node;
  if (inputs.size() == 1) {
    node.outputs.push_back(inputs[0]);
  } else {
    const std::size_t half = inputs.size() / 2;
    node.left = build(inputs.first(half));
    node.right = build(inputs.subspan(half));
    node.size = static_cast<std::uint32_t>(inputs.size());
  }
  nodes_.push_back(std::move(node));
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

Literal Totalizer::at_least(std::uint32_t k, SatSolver& sat, Variable& next_variable) {
  const auto root = static_cast<std::uint32_t>(nodes_.size() - 1);
  extend(root, k, sat, next_variable);
  return nodes_[root].outputs[k - 1];
}

void Totalizer::extend(std::uint32_t index, std::uint32_t k, SatSolver& sat, Variable& next_variable) {
  Node& node = nodes_[index];
  const std::uint32_t goal = std::min(k, node.size);
  if (node.outputs.size() >= goal) return;
  extend(node.left, goal, sat, next_variable);
  extend(node.right, goal, sat, next_variable);
  while (node.outputs.size() < goal) {
    const Literal output = positive(next_variable++);
    define(node, static_cast<std::uint32_t>(node.outputs.size() + 1), output, sat);
    if (!node.outputs.empty()) sat.add(std::array{-output, node.outputs.back()});
    node.outputs.push_back(output);
  }
}

// i on the left and k - i on the right make k.
void Totalizer::define(const Node& node, std::uint32_t k, Literal output, SatSolver& sat) const {
  const Node& left = nodes_[node.left];
  const Node& right = nodes_[node.right];
  const std::uint32_t first = k > right.size ? k - right.size : 0;
  std::vector<Literal> clause;
  for (std::uint32_t i = first; i <= std::min(k, left.size); ++i) {
    clause.clear();
    if (i > 0) clause.push_back(-left.outputs[i - 1]);
    if (k - i > 0) clause.push_back(-right.outputs[k - i - 1]);
    clause.push_back(output);
    sat.add(clause);
  }
}

}  // namespace winnow
