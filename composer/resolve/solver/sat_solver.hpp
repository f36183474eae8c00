// CaDiCaL behind our own words: the only place that includes its header. Deterministic: fixed seed, limits in
// conflicts.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "resolve/problem.hpp"

namespace winnow {

enum class SatAnswer { satisfiable, unsatisfiable, unknown };

class SatSolver {
 public:
  SatSolver();
  ~SatSolver();
  SatSolver(SatSolver&&) noexcept;
  SatSolver& operator=(SatSolver&&) noexcept;

  // Literals are those of Problem (variable + 1, negative when negated); variables come into being by use.
  void add(std::span<const Literal> clause);
  // `conflicts`: the limit for this call; negative = none. `unknown` after that, or when base/interrupt says stop.
  [[nodiscard]] SatAnswer solve(std::span<const Literal> assumptions = {}, std::int64_t conflicts = -1);
  // After `satisfiable`.
  [[nodiscard]] bool value(Literal literal) const;
  // After `unsatisfiable`: does the refutation use this assumption?
  [[nodiscard]] bool failed(Literal assumption) const;
  // Conflicts of all calls so far.
  [[nodiscard]] std::uint64_t conflicts() const;
  // The value the solver tries first; false for variables nobody sets.
  void prefer(Literal literal);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace winnow
