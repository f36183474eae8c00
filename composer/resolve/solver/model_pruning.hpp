// Makes a model cheaper by taking out what no clause needs: a quick way to a good upper bound.
#pragma once

#include <vector>

#include "resolve/solver/part.hpp"

namespace winnow {

class ModelPruning {
 public:
  explicit ModelPruning(const Part& part);
  // Variables that keep others founded stay.
  void prune(Model& model) const;

 private:
  const Part& part_;
  std::vector<Variable> order_;             // dearest first; only those that may go
  std::vector<std::uint32_t> first_;        // by literal index: into occurrences_
  std::vector<std::uint32_t> occurrences_;  // clauses
};

}  // namespace winnow
