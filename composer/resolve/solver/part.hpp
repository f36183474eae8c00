// What the solver works on: a connected part of a Problem that is still open, in local numbers, and its solution. Both
// are plain values: the solution of a part depends on the part alone, so parts can be solved in any order, by any
// thread, or be taken from a cache.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "resolve/cost.hpp"
#include "resolve/minimize.hpp"
#include "resolve/problem.hpp"

namespace winnow {

inline constexpr std::uint32_t kChosenAlready = UINT32_MAX;

// A node whose chain to a request must be watched: one that a gate can ask for, or one on the way to such a node.
// Several can stand for one variable.
struct FoundingNode {
  std::uint32_t variable = kChosenAlready;           // of the part; kChosenAlready = chosen in every solution
  bool is_source = false;                            // founded whenever it is chosen
  bool must_be_founded = false;                      // others of the list are only on the way
  std::uint32_t first_parent = 0, parent_count = 0;  // into Part::parents

  auto operator<=>(const FoundingNode&) const = default;
};

// Variables cost something when they are true. The first `node_count` of them tell solutions apart: they are nodes in
// canonical order. The others (shared files, soft clauses that are left unsatisfied) only cost.
struct Part {
  std::vector<Cost> costs;  // by variable; never negative
  std::uint32_t node_count = 0;
  std::vector<std::uint32_t> ends;  // clause i is [ends[i - 1], ends[i]) of literals
  std::vector<Literal> literals;
  std::vector<FoundingNode> founding;
  std::vector<std::uint32_t> parents;  // indexes into founding: nodes that need the node

  [[nodiscard]] std::size_t clause_count() const { return ends.size(); }
  [[nodiscard]] std::span<const Literal> clause(std::size_t index) const {
    const std::uint32_t first = index == 0 ? 0 : ends[index - 1];
    return std::span(literals).subspan(first, ends[index] - first);
  }
  void add_clause(std::span<const Literal> clause) {
    literals.insert(literals.end(), clause.begin(), clause.end());
    ends.push_back(static_cast<std::uint32_t>(literals.size()));
  }

  bool operator==(const Part&) const = default;
};

// Where tables by literal keep it: 2 * variable, and one more when it is negated.
[[nodiscard]] constexpr std::size_t slot_of(Literal literal) {
  return 2 * std::size_t{variable_of(literal)} + (literal < 0 ? 1U : 0U);
}

using Model = std::vector<bool>;  // by variable of the part

[[nodiscard]] Cost cost_of_model(const Part& part, const Model& model);
// Is `a` before `b` in canonical order? The one that has the smallest node in which they differ.
[[nodiscard]] bool is_canonically_before(const Part& part, const Model& a, const Model& b);

// Of a whole with two parts.
[[nodiscard]] Verdict worse(Verdict a, Verdict b);

// A core of the part, as in Certificate: variables, and counts over earlier cores.
struct PartCore {
  std::vector<CoreLiteral> literals;  // kind `variable`: `index` is a variable of the part
  Cost weight;
};

struct PartSolution {
  Verdict verdict = Verdict::unknown;
  Model model;  // empty without a solution
  Cost cost;
  Cost bound;
  std::vector<PartCore> cores;                    // only of a search that keeps a proof
  std::vector<std::vector<std::uint32_t>> loops;  // sets of Part::founding that had no chain, with the proof
  std::uint32_t core_count = 0;
  std::uint64_t conflicts = 0;
  std::uint32_t small_parts = 0, largest = 0, live_variables = 0, live_clauses = 0;  // after preprocessing
  bool used_second_engine = false;
};

}  // namespace winnow
