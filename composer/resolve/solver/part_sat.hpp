// A part inside a SAT solver: answers are models of its clauses in which every node is founded.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "resolve/solver/founding.hpp"
#include "resolve/solver/part.hpp"
#include "resolve/solver/sat_solver.hpp"

namespace winnow {

class PartSat {
 public:
  // `conflicts`: the limit for all calls together.
  PartSat(const Part& part, std::uint64_t conflicts);

  // After `satisfiable`, model() is a solution. Founded only as far as somebody looked: each model that is not founded
  // adds the clauses that forbid it.
  [[nodiscard]] SatAnswer ask(std::span<const Literal> assumptions);
  // One call, for at most `conflicts`; a model of it may be unfounded.
  [[nodiscard]] SatAnswer ask_once(std::span<const Literal> assumptions, std::int64_t conflicts);
  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] bool failed(Literal assumption) const { return sat_.failed(assumption); }

  // So many more for what comes now.
  void allow(std::uint64_t conflicts) { limit_ = sat_.conflicts() + conflicts; }
  void add(std::span<const Literal> clause) { sat_.add(clause); }
  [[nodiscard]] SatSolver& sat() { return sat_; }
  [[nodiscard]] Variable& next_variable() { return next_variable_; }
  [[nodiscard]] std::uint64_t conflicts() const { return sat_.conflicts(); }
  [[nodiscard]] const std::vector<std::vector<std::uint32_t>>& loops() const { return loops_; }

 private:
  [[nodiscard]] std::int64_t conflicts_left() const;

  const Part& part_;
  Founding founding_;
  SatSolver sat_;
  std::uint64_t limit_;
  Variable next_variable_;
  Model model_;
  std::vector<std::vector<std::uint32_t>> loops_;
};

}  // namespace winnow
