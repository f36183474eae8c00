// What was decided, in the solver's terms: the universe that the request can reach, the goal, the question for the
// solver and its answer. Whatever explains, prices or proves a choice starts here.
#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "resolve/goal.hpp"
#include "resolve/minimize.hpp"
#include "resolve/problem.hpp"
#include "resolve/request.hpp"
#include "resolve/solution.hpp"
#include "resolve/universe.hpp"

namespace winnow {

struct Choice {
  Universe universe;
  std::vector<ComponentId> components;  // by NodeId
  Goal goal;
  std::vector<ReasonKind> item_kinds;  // by index into Goal::items
  Problem problem;
  Optimum optimum;

  // The node of a component, if the request can reach it.
  [[nodiscard]] std::optional<NodeId> node_of(ComponentId component) const;
};

}  // namespace winnow
