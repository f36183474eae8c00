// A part while it is being reduced: clauses with lists of where each literal occurs, values, and variables that were
// found equal. Every change keeps the models of the part, apart from what the caller knows to keep its best one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "resolve/solver/part.hpp"

namespace winnow {

class ClauseStore {
 public:
  explicit ClauseStore(const Part& part);

  [[nodiscard]] std::uint32_t variable_count() const { return static_cast<std::uint32_t>(values_.size()); }
  [[nodiscard]] std::uint32_t clause_count() const { return static_cast<std::uint32_t>(rows_.size()); }
  [[nodiscard]] bool has_conflict() const { return has_conflict_; }
  // Changes whenever anything did.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

  [[nodiscard]] bool is_alive(std::uint32_t clause) const { return rows_[clause].count != 0; }
  // Ascending; a clause that is not alive has none.
  [[nodiscard]] std::span<const Literal> clause(std::uint32_t clause) const {
    return std::span(literals_).subspan(rows_[clause].first, rows_[clause].count);
  }
  // A bit for each variable, modulo 64: a clause within another has no bit that the other has not.
  [[nodiscard]] std::uint64_t signature(std::uint32_t clause) const { return rows_[clause].signature; }
  [[nodiscard]] bool contains(std::uint32_t clause, Literal literal) const;
  // All clauses that have the literal; some that are not alive are among them.
  [[nodiscard]] const std::vector<std::uint32_t>& clauses_with(Literal literal) const {
    return occurrences_[slot_of(literal)];
  }
  [[nodiscard]] std::uint32_t count_of(Literal literal) const { return counts_[slot_of(literal)]; }

  [[nodiscard]] Variable leader_of(Variable variable) const;
  // Of leaders: 1 true, -1 false, 0 open.
  [[nodiscard]] int value(Variable leader) const { return values_[leader]; }
  [[nodiscard]] bool is_open(Variable variable) const {
    return leaders_[variable] == variable && values_[variable] == 0;
  }
  [[nodiscard]] const Cost& cost(Variable leader) const { return costs_[leader]; }
  // The smallest node that the leader stands for; kNoNodeOf when there is none.
  [[nodiscard]] std::uint32_t smallest_node(Variable leader) const { return smallest_nodes_[leader]; }
  static constexpr std::uint32_t kNoNodeOf = UINT32_MAX;
  // May rules that keep only best solutions take it out? Not when a chain of founding may need it, nor when it is a
  // node that costs nothing.
  [[nodiscard]] bool is_free_to_drop(Variable leader) const {
    return !watched_[leader] && (smallest_nodes_[leader] == kNoNodeOf || !costs_[leader].is_zero());
  }

  void set(Literal literal);
  void kill(std::uint32_t clause);
  void strengthen(std::uint32_t clause, Literal literal);
  // `other` is the same as `leader` from now on.
  void merge(Variable leader, Variable other);

 private:
  struct Row {
    std::uint32_t first = 0, count = 0;
    std::uint64_t signature = 0;
  };

  void assign(Literal literal);
  void propagate();
  void shorten(std::uint32_t clause, Literal literal);
  void replace(std::uint32_t clause, Literal from, Literal to);
  void sign(Row& row);

  std::vector<Row> rows_;
  std::vector<Literal> literals_;
  std::vector<std::vector<std::uint32_t>> occurrences_;  // by slot
  std::vector<std::uint32_t> counts_;                    // by slot: alive clauses
  std::vector<std::int8_t> values_;
  std::vector<Variable> leaders_;
  std::vector<Cost> costs_;
  std::vector<std::uint32_t> smallest_nodes_;
  std::vector<bool> watched_;
  std::vector<Literal> queue_;
  std::uint64_t changes_ = 0;
  bool has_conflict_ = false;
};

}  // namespace winnow
