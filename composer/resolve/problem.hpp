// The question for a solver: clauses over the nodes that a Goal can reach in a Universe, each with the source that says
// so, and what each node costs. Plain data: the solver, the checker of proofs and the dumps for other solvers read the
// same value, and none of them knows a catalog.
//
// A solution is a set of nodes such that
//   every hard clause has a true literal,
//   every chosen node is founded: a chain of clauses of the kinds request and need, hard or soft, each with all its
//     negated nodes chosen, leads to it (a gate admits, but pulls nothing in),
// and its cost is the sum over chosen variables plus the sum over soft clauses that are not satisfied. The best one has
// the least cost; among equals the one that is first in canonical order: of the two sets, the one that has the
// smallest node in which they differ.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "resolve/cost.hpp"
#include "resolve/goal.hpp"
#include "resolve/universe.hpp"

namespace winnow {

using Variable = std::uint32_t;  // index into Problem::costs: first the nodes in canonical order, then shared files
using Literal = std::int32_t;    // variable + 1, negative when negated

[[nodiscard]] constexpr Literal positive(Variable variable) { return static_cast<Literal>(variable) + 1; }
[[nodiscard]] constexpr Literal negative(Variable variable) { return -positive(variable); }
[[nodiscard]] constexpr Variable variable_of(Literal literal) {
  return static_cast<Variable>((literal < 0 ? -literal : literal) - 1);
}

enum class ClauseKind : std::uint8_t {
  request,      // targets in declared order; `source` is an index into Goal::items
  need,         // -by, targets in declared order; `source` is an index into Universe::needs()
  gate,         // like need, but does not found its targets
  conflict,     // -a -b; `source` is an index into Universe::conflicts()
  one_version,  // -a -b: two versions of one name, architecture and language
  forbidden,    // -a; `source` is an index into Goal::forbidden
  file,         // -node file: a node that brings a shared file
  prefer,       // soft: -by default; `source` as of need
  keep,         // soft: a, or -a: as in the lock file
};
[[nodiscard]] std::string_view to_string(ClauseKind kind);  // "request", "need" …

inline constexpr std::uint32_t kHard = UINT32_MAX;
inline constexpr std::uint32_t kNoSource = UINT32_MAX;

struct Clause {
  std::uint32_t first = 0, count = 0;  // into Problem::literals
  ClauseKind kind = ClauseKind::need;
  std::uint32_t source = kNoSource;
  std::uint32_t soft = kHard;  // index into Problem::soft_costs: what leaving it unsatisfied costs
};

struct Problem {
  std::vector<Cost> costs;      // by Variable; never negative
  std::vector<NodeId> nodes;    // by Variable, ascending: the node in the universe; shared files have none
  std::vector<Clause> clauses;  // in the order they were made: requests, then node by node
  std::vector<Literal> literals;
  std::vector<Cost> soft_costs;  // never negative

  [[nodiscard]] std::size_t node_count() const { return nodes.size(); }
  [[nodiscard]] std::span<const Literal> literals_of(const Clause& clause) const {
    return std::span(literals).subspan(clause.first, clause.count);
  }
  // The variable of a node of the universe, if the goal can reach it.
  [[nodiscard]] std::optional<Variable> variable_of_node(NodeId node) const;
};

// Which clauses: everything that items of `goal` reach through any alternative, with the policies applied.
//   a need of a kind that is not followed makes no clause, nor does a soft need that nobody provides;
//   what `goal.omitted` has is taken out of the clauses that it satisfies, with them.
[[nodiscard]] Problem make_problem(const Universe& universe, const Goal& goal);

// The cost of a set of nodes (ascending variables) by the definition above, not by a solver's book-keeping.
[[nodiscard]] Cost cost_of(const Problem& problem, std::span<const Variable> chosen);

// A clause for people: who asks, in what words, and where.
struct ClauseText {
  std::string from;  // "ws2_32.dll"
  std::string text;  // "imports KERNEL32.dll"
  Place place;
};
[[nodiscard]] ClauseText describe(const Universe& universe, const Goal& goal, const Problem& problem,
                                  const Clause& clause);

}  // namespace winnow
