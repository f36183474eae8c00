// A Problem for solvers of other people: one level of its cost as the objective of linear constraints over variables
// that are 0 or 1. Nothing is reduced: it is the problem as it stands, so that anyone can judge winnow's answer.
#pragma once

#include <string>
#include <vector>

#include "resolve/problem.hpp"

namespace winnow {

enum class LinearFormat {
  opb,  // pseudo-Boolean competitions: clasp, RoundingSat, Exact
  lp,   // CPLEX LP: CBC, HiGHS, SCIP, Gurobi
};

// What the variables of a problem are called, for the comments of a dump.
struct ProblemNames {
  std::string app;
  std::vector<std::string> variables;  // empty: a problem that was read from text
};
[[nodiscard]] ProblemNames names_of(const Universe& universe, const Goal& goal, const Problem& problem);

// x1, x2, … are the problem's variables; then, for every soft clause, one that says "not satisfied", and where a gate
// asks for nodes that something must lead to, variables that order them. Amounts are divided by their greatest common
// divisor; comment lines say by which, and what every variable is. Levels other than `level` are not in the dump.
[[nodiscard]] std::string print_linear(const Problem& problem, const ProblemNames& names, CostLevel level,
                                       LinearFormat format);

}  // namespace winnow
