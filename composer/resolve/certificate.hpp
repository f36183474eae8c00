// Why no cheaper solution exists: the forced nodes, and cores whose weights add up to the cost. Written beside the lock
// file and checked by check_proof() alone, which shares no code with the solver.
//
// The argument. Let every literal l have a weight (a node's or a shared file's cost for "chosen", a soft clause's cost
// for "not satisfied"). A core is a set of literals of which the hard clauses make at least one true. Charging w to
// each literal of a core adds w to the lower bound, because
//   w * (l1 + … + ln) = w + w * ([at least 2 of them] + … + [at least n of them])
// when at least one is true. So each core makes new count literals "at least k of core c", k = 2 … n, of weight w, that
// later cores may hold. No weight may fall below zero. What remains is never negative, so the cost of every solution is
// at least the sum of the w; when that is the cost of the solution at hand, none is cheaper.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "resolve/cost.hpp"
#include "resolve/problem.hpp"

namespace winnow {

// A literal that costs something when it is true.
struct CoreLiteral {
  enum class Kind : std::uint8_t {
    variable,     // `index` is a Variable: chosen
    soft_clause,  // `index` is into Problem::clauses: not satisfied
    count,        // at least `at_least` literals of core `index` (an earlier one) are true
  };
  Kind kind = Kind::variable;
  std::uint32_t index = 0;
  std::uint32_t at_least = 0;

  auto operator<=>(const CoreLiteral&) const = default;
};

struct Core {
  std::vector<CoreLiteral> literals;  // at least one of them is true in every solution
  Cost weight;                        // > 0

  bool operator==(const Core&) const = default;
};

// A clause that foundedness adds: a chosen node of `unfounded`, a set that only gates ask for, would have no chain. For
// every node u of the set: -u, or one of the supports (nodes outside the set that need one of the set). A set that a
// request names has no such clause.
struct LoopClause {
  std::vector<Variable> unfounded;  // ascending
  std::vector<Variable> supports;   // ascending

  bool operator==(const LoopClause&) const = default;
};

struct Certificate {
  std::vector<Variable> chosen;  // nodes, ascending
  Cost cost;
  Cost bound;                         // the sum of the cores' weights; equal to `cost` when the optimum is proven
  std::vector<std::uint32_t> forced;  // indexes of clauses, in the order in which unit propagation uses them
  std::vector<LoopClause> loops;
  std::vector<Core> cores;

  bool operator==(const Certificate&) const = default;
};

// Lines of text, names and sources for people beside the numbers; one spelling for one value. It pins the problem it is
// about by a digest of its clauses and costs.
[[nodiscard]] std::string print_certificate(const Universe& universe, const Goal& goal, const Problem& problem,
                                            const Certificate& certificate);
// Error with its line when `text` (of `file`) is no certificate, or one about another problem.
[[nodiscard]] Result<Certificate> parse_certificate(std::string_view text, const std::string& file,
                                                    const Problem& problem);
// SHA-256 over everything a solution depends on: costs, clauses, soft costs.
[[nodiscard]] Digest digest_of(const Problem& problem);

}  // namespace winnow
