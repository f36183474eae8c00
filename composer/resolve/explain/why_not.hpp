// Why a node is not there: what prevents it, or, when nothing does, what it would cost.
#pragma once

#include <string>

#include "base/json.hpp"
#include "resolve/explain/what_if.hpp"

namespace winnow {

struct WhyNot {
  NamedNodes asked;
  std::vector<NodeId> chosen;  // those of them that are there
  Outcome outcome;             // of asking for one of them, when none is there
};

[[nodiscard]] WhyNot explain_why_not(const Settled& settled, const NamedNodes& asked, ComponentCache& cache);

// Ends in a line end.
[[nodiscard]] std::string print_why_not(const Settled& settled, const WhyNot& why);
// Schema "winnow-why-not-1".
[[nodiscard]] Json to_json(const Settled& settled, const WhyNot& why);

}  // namespace winnow
