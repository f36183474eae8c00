// Which nodes every solution must have, as far as one can say why in a chain: a need with one target left after
// another.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "resolve/problem.hpp"

namespace winnow {

// One step of a chain: the clause, and the target by which the chain goes on. More than one target when every one of
// them leads to the same end.
struct ChainLink {
  std::uint32_t clause = 0;       // into Problem::clauses
  std::vector<Variable> targets;  // those that are possible, in declared order

  bool operator==(const ChainLink&) const = default;
};

// From a request to a node: `trunk`, and when that ends in a link of several targets, one way from each of them.
struct Derivation {
  std::vector<ChainLink> trunk;
  std::vector<std::vector<ChainLink>> ways;  // by target of the last link of the trunk; empty: a plain chain
};

class Necessity {
 public:
  // Precondition: the problem has a solution.
  explicit Necessity(const Problem& problem);

  // True in every solution, or in none, as unit propagation finds it.
  [[nodiscard]] bool is_forced(Variable variable) const { return values_[variable] > 0; }
  [[nodiscard]] bool is_refuted(Variable variable) const { return values_[variable] < 0; }
  // The shortest one. Nothing when chains of needs do not show that `variable` is in every solution.
  [[nodiscard]] std::optional<Derivation> derive(Variable variable) const;
  // The targets of a clause that are not refuted.
  [[nodiscard]] std::vector<Variable> possible_targets(const Clause& clause) const;

 private:
  struct Search;
  void propagate();
  void assign(Literal literal);

  const Problem& problem_;
  std::vector<std::vector<std::uint32_t>> clauses_with_;  // by variable: those that a target or a need of it is in
  std::vector<int> values_;                               // by variable: 1 forced, -1 refuted
  std::vector<std::size_t> rank_;                         // by variable: when that was found
  std::vector<Literal> trail_;
};

}  // namespace winnow
