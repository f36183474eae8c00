// A Problem for solvers of other people: its cost down to one level as the objective of linear constraints over
// variables that are 0 or 1. Nothing is reduced: it is the problem as it stands, so that anyone can judge winnow's
// answer.
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
// asks for nodes that something must lead to, variables that order them. The objective is `level` with all levels above
// it, each of which counts more than all below it; levels below it are not in the dump. Comment lines say how the
// objective is put together ("6827 * penalty + bytes / 4096") and what every variable is.
[[nodiscard]] std::string print_linear(const Problem& problem, const ProblemNames& names, CostLevel level,
                                       LinearFormat format);

}  // namespace winnow
