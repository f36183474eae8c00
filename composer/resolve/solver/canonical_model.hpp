// The first model in canonical order among all that a part's SAT solver still allows.
#pragma once

#include "resolve/solver/part.hpp"
#include "resolve/solver/part_sat.hpp"

namespace winnow {

// `best` is one of the models. Every model that `sat` allows counts as equally good. False when the limit
// came first: `best` is then one of the best, the same in every run.
[[nodiscard]] bool find_first_model(const Part& part, PartSat& sat, Model& best);

}  // namespace winnow
