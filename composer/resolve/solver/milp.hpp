// The second engine: integer programming (CBC) for a part that cores do not close. Where winnow was built without CBC,
// nothing happens.
#pragma once

#include <cstdint>

#include "resolve/solver/part.hpp"

namespace winnow {

[[nodiscard]] bool has_milp();

// Looks for a model of less cost than `solution` has, and for a higher bound. A model counts only after its clauses and
// its cost were computed anew; a bound is rounded down, and says something only of the levels of cost that fit into the
// numbers of CBC. At most `nodes` of its search tree.
void improve_by_milp(const Part& part, std::uint64_t nodes, PartSolution& solution);

}  // namespace winnow
