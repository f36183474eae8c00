// Puts the proofs of a Problem's parts together to one Certificate.
#pragma once

#include <vector>

#include "resolve/certificate.hpp"
#include "resolve/solver/propagation.hpp"
#include "resolve/solver/split.hpp"

namespace winnow {

// `solutions`: of `parts`, with their proofs.
[[nodiscard]] Certificate certify(const Problem& problem, const Propagation& state, const std::vector<OpenPart>& parts,
                                  const std::vector<PartSolution>& solutions);

}  // namespace winnow
