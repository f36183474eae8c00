// Foundedness of a part's nodes: which chosen nodes have no chain to a request, and the clauses that forbid that.
#pragma once

#include <cstdint>
#include <vector>

#include "resolve/solver/part.hpp"

namespace winnow {

class Founding {
 public:
  explicit Founding(const Part& part) : part_(part) {}

  // The sets of `part.founding` that a model chooses without a chain, one for each node that must be founded and is
  // not; empty when the model is a solution.
  [[nodiscard]] std::vector<std::vector<std::uint32_t>> unfounded_sets(const Model& model) const;
  // For each node of the set: not the node, or one of those outside that need one of the set.
  [[nodiscard]] std::vector<std::vector<Literal>> clauses_of(const std::vector<std::uint32_t>& unfounded) const;

 private:
  [[nodiscard]] bool is_chosen(std::uint32_t node, const Model& model) const {
    const std::uint32_t variable = part_.founding[node].variable;
    return variable == kChosenAlready || model[variable];
  }
  [[nodiscard]] std::vector<bool> founded(const Model& model) const;

  const Part& part_;
};

}  // namespace winnow
