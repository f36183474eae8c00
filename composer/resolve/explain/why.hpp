// Why a node is there: the chain that leads to it, whether it had to be, and what each other choice would cost.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "resolve/explain/clash.hpp"
#include "resolve/explain/necessity.hpp"
#include "resolve/explain/price.hpp"
#include "resolve/explain/settled.hpp"

namespace winnow {

enum class Necessary {
  chain,   // each need on the chain has one possible target
  ways,    // whatever is chosen, every way leads to it
  clash,   // no solution is without it, for reasons that are no chain
  chosen,  // there are others
};
[[nodiscard]] std::string_view to_string(Necessary necessary);

struct OtherChoice {
  Variable variable = 0;
  Price price;
};

struct Why {
  Variable node = 0;
  Necessary necessary = Necessary::chosen;
  Derivation derivation;                  // of `chosen`: a shortest chain of what was chosen
  std::vector<std::string> clash;         // of `clash`: reason_lines() of why it cannot be missing
  Price without;                          // of the best solution without the node
  std::optional<Variable> decided;        // of `chosen`: the last choice on the chain: the node or what brought it
  std::vector<OtherChoice> others;        // instead of `decided`, cheapest first
  std::vector<std::uint32_t> also;        // other clauses of the solution that need it
  std::uint64_t bytes = 0, retained = 0;  // as of ChoiceGraph
  std::vector<Variable> leaves;
};

// Precondition: the node is chosen.
[[nodiscard]] Why explain_why(const Settled& settled, Variable node, ComponentCache& cache);

// Ends in a line end.
[[nodiscard]] std::string print_why(const Settled& settled, const Why& why);
// Schema "winnow-why-2".
[[nodiscard]] Json to_json(const Settled& settled, const Why& why);

}  // namespace winnow
