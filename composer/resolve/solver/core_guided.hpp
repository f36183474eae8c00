// The best model of a part by cores (OLL): a set of costs that cannot all be avoided raises the lower bound by the
// least of them, and what remains of it is counted. Ends when a model costs no more than the bound; then the first of
// the best models in canonical order is looked for.
#pragma once

#include <cstdint>

#include "resolve/solver/part.hpp"

namespace winnow {

struct CoreGuidedOptions {
  bool keep_proof = false;  // cores are entailed by the clauses alone; they and the loops are kept
  std::uint64_t conflicts = 200'000;
};

[[nodiscard]] PartSolution solve_by_cores(const Part& part, const CoreGuidedOptions& options);

}  // namespace winnow
