// What explanations are about: a question and its answer, with a solution. A view: nothing is owned.
#pragma once

#include "resolve/goal.hpp"
#include "resolve/minimize.hpp"
#include "resolve/problem.hpp"
#include "resolve/universe.hpp"

namespace winnow {

struct Settled {
  const Universe& universe;
  const Goal& goal;
  const Problem& problem;  // make_problem(universe, goal)
  const Optimum& optimum;  // has a solution
};

}  // namespace winnow
