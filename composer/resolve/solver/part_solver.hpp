// The solution of one part by every means that the options allow. Depends on nothing but its arguments.
#pragma once

#include "resolve/solver/part.hpp"

namespace winnow {

[[nodiscard]] PartSolution solve_part(const Part& part, const MinimizeOptions& options);

}  // namespace winnow
