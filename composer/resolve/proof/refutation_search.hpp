// The checker's own search: shows that clauses and counts contradict some assumptions, or finds values that agree with
// all of them. Conflict-driven, with two watched literals and native counts; deterministic. It knows nothing of
// problems and shares nothing with the solver that it checks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "resolve/problem.hpp"

namespace winnow {

enum class Refutation { refuted, model, limit };

class RefutationSearch {
 public:
  explicit RefutationSearch(std::uint32_t variables);

  [[nodiscard]] Variable new_variable();
  [[nodiscard]] std::uint32_t variable_count() const { return static_cast<std::uint32_t>(values_.size()); }
  // Both only between searches.
  void add_clause(std::span<const Literal> literals);
  // For every pair (k, t) of `thresholds`: t is true when at least k of the literals are. Literals are distinct.
  struct Threshold {
    std::uint32_t at_least = 0;
    Literal literal = 0;
  };
  void add_count(std::span<const Literal> literals, std::span<const Threshold> thresholds);

  // At most `conflicts` conflicts.
  [[nodiscard]] Refutation refute(std::span<const Literal> assumptions, std::uint64_t conflicts);
  // After `model`: its values. Otherwise: what follows from the clauses alone, 0 for the rest; 1 true, -1 false.
  [[nodiscard]] int value(Literal literal) const {
    return literal > 0 ? values_[index(literal)] : -values_[index(literal)];
  }
  // Everything that follows from the clauses by unit propagation; false when they contradict each other.
  bool propagate_facts();
  // Back to the facts, after `model`.
  void forget_model() { undo_to(0); }

 private:
  using Ref = std::int32_t;  // a clause, or ~count; kNone for decisions
  static constexpr Ref kNone = INT32_MAX;
  struct Row {
    std::uint32_t first = 0, size = 0;  // into literals_
    bool is_learned = false;
  };
  struct Count {
    std::vector<Literal> literals;
    std::vector<Threshold> thresholds;
    std::uint32_t true_count = 0;  // of literals whose turn in the trail has come
  };
  struct Watch {
    Ref row;
    Literal other;  // a literal of the clause: when it is true the clause need not be looked at
  };

  static Variable index(Literal literal) { return variable_of(literal); }
  static std::size_t code(Literal literal) { return std::size_t{index(literal)} * 2 + std::size_t{literal < 0}; }
  [[nodiscard]] int level() const { return static_cast<int>(level_starts_.size()); }

  void assign(Literal literal, Ref reason);
  [[nodiscard]] Ref propagate();  // the row or count that is contradicted, or kNone
  [[nodiscard]] Ref propagate_clauses(Literal literal);
  [[nodiscard]] Ref propagate_counts(Literal literal);
  [[nodiscard]] Ref check_count(std::size_t count);
  void undo_to(int level);
  void watch(Ref row);
  Ref add_row(std::span<const Literal> literals, bool is_learned);

  // Literals, all false when `implied` was assigned (0: all false now), of which the row says that one must be true.
  void explain(Ref ref, Literal implied, std::vector<Literal>& out) const;
  void explain_count(const Count& count, Literal implied, std::vector<Literal>& out) const;
  void learn(Ref conflict);
  [[nodiscard]] bool is_implied_by_learned(Literal literal);
  void forget_long_rows();

  enum class Decision { made, refuted, complete };
  [[nodiscard]] Decision decide(std::span<const Literal> assumptions);

  void bump(Variable variable);
  void heap_push(Variable variable);
  Variable heap_pop();
  void sift_up(std::size_t position);
  void sift_down(std::size_t position);
  [[nodiscard]] bool is_before(Variable a, Variable b) const {
    return activity_[a] != activity_[b] ? activity_[a] > activity_[b] : a < b;
  }

  std::vector<Literal> literals_;
  std::vector<Row> rows_;
  std::vector<Count> counts_;
  std::vector<std::vector<Watch>> watches_;                      // by code of the literal that became false
  std::vector<std::vector<std::uint32_t>> counts_with_;          // by code: counts that have the literal
  std::vector<std::vector<std::uint32_t>> counts_of_threshold_;  // by code of a threshold that became false
  std::vector<std::int8_t> values_, phases_;
  std::vector<int> levels_;
  std::vector<Ref> reasons_;
  std::vector<std::uint32_t> positions_;  // in the trail
  std::vector<Literal> trail_;
  std::vector<std::size_t> level_starts_;
  std::size_t next_ = 0;  // of the trail: propagated up to here
  bool is_contradictory_ = false;
  std::size_t learned_ = 0;

  std::vector<double> activity_;
  double activity_step_ = 1;
  std::vector<Variable> heap_;
  std::vector<std::int32_t> heap_positions_;  // -1: not in the heap
  std::vector<std::uint8_t> seen_;
  std::vector<Literal> learned_clause_, explanation_;
};

}  // namespace winnow
