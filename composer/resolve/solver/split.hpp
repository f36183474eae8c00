// Cuts what propagation left open into connected parts: no clause, and no chain of founding, leads from one to another.
#pragma once

#include <vector>

#include "resolve/solver/part.hpp"
#include "resolve/solver/propagation.hpp"

namespace winnow {

struct OpenPart {
  Part part;
  std::vector<CoreLiteral> origins;  // by variable of the part: a variable of the Problem, or a soft clause
  std::vector<Variable> founding;    // by index into part.founding: the node
};

// In the order of their first nodes.
[[nodiscard]] std::vector<OpenPart> split(const Problem& problem, const Propagation& state);

}  // namespace winnow
