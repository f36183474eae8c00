// Checks a Certificate against a Problem, alone: no line of this shares code with the solver, nor does it call one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "resolve/certificate.hpp"
#include "resolve/problem.hpp"

namespace winnow {

struct ProofCheck {
  std::vector<Fault> faults;               // empty = the certificate proves what it says
  std::uint32_t clauses_checked = 0;       // that the solution satisfies
  std::uint32_t cores_proved = 0;          // refuted anew, each by itself
  std::uint32_t variables_enumerated = 0;  // in connected parts small enough to try every set
};

[[nodiscard]] ProofCheck check_proof(const Problem& problem, const Certificate& certificate);

}  // namespace winnow
