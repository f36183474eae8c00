// Other people's solvers, asked for the least bytes of a Problem: each gets it as a file of its own format and reads it
// as a stranger would.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resolve/problem.hpp"

namespace winnow::testing {

struct ForeignAnswer {
  bool is_satisfiable = false;
  std::int64_t bytes = 0;  // of the proven optimum
};

struct ForeignSolver {
  std::string name;     // for people: "clasp usc,oll"
  std::string program;  // that must be installed
  // Nothing when it did not prove an optimum within its time limit, or cannot take the problem.
  std::optional<ForeignAnswer> (*solve)(const Problem& problem, int seconds);
  [[nodiscard]] bool is_installed() const;
};

// clasp and CBC take every problem; mccs only requests, needs and conflicts.
[[nodiscard]] const std::vector<ForeignSolver>& foreign_solvers();

// The problem as a CUDF universe and request; nothing when it has clauses that CUDF cannot say.
[[nodiscard]] std::optional<std::string> print_cudf(const Problem& problem);

}  // namespace winnow::testing
