// A Problem as linear constraints over variables that are 0 or 1, foundedness included.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "resolve/problem.hpp"

namespace winnow {

// The sum of coefficient times variable is at least `at_least`.
struct LinearConstraint {
  struct Term {
    std::int64_t coefficient = 0;
    std::uint32_t variable = 0;
  };
  std::vector<Term> terms;
  std::int64_t at_least = 0;
};

struct LinearProgram {
  // The objective holds `level` as its amount divided by `divisor`, `scale` times.
  struct Level {
    CostLevel level = CostLevel::bytes;
    std::int64_t divisor = 1, scale = 1;
  };

  std::uint32_t variables = 0;                    // first those of the problem
  std::vector<LinearConstraint::Term> objective;  // to be as small as can be
  std::vector<Level> levels;                      // that are in the objective, from the highest to the lowest
  std::vector<LinearConstraint> constraints;
  std::vector<std::string> added;  // what each variable behind the problem's is
};

// The objective is `level` and, before it, all levels above it: each counts more than all that stands below it. Levels
// for which 63 bits do not suffice are left out, the highest first.
[[nodiscard]] LinearProgram make_linear_program(const Problem& problem, CostLevel level);

}  // namespace winnow
