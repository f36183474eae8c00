// Counts true literals inside a SAT solver: output k becomes true when at least k inputs are. Outputs are made when
// they are asked for, so a large core costs no more than what is counted of it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "resolve/solver/sat_solver.hpp"

namespace winnow {

class Totalizer {
 public:
  explicit Totalizer(std::span<const Literal> inputs);

  [[nodiscard]] std::uint32_t size() const { return nodes_.back().size; }
  // The literal "at least `k` inputs are true", 1 <= k <= size(). New variables are numbered from `next_variable` on.
  [[nodiscard]] Literal at_least(std::uint32_t k, SatSolver& sat, Variable& next_variable);

 private:
  // A binary tree in post-order: the root is the last.
  struct Node {
    std::uint32_t left = 0, right = 0;  // of an inner node
    std::uint32_t size = 1;
    std::vector<Literal> outputs;  // outputs[k - 1]: at least k; made up to outputs.size()
  };

  std::uint32_t build(std::span<const Literal> inputs);
  void extend(std::uint32_t node, std::uint32_t k, SatSolver& sat, Variable& next_variable);
  void define(const Node& node, std::uint32_t k, Literal output, SatSolver& sat) const;

  std::vector<Node> nodes_;
};

}  // namespace winnow
