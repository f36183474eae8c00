// What a Problem decides without any search: unit propagation, nodes that nothing chosen can reach, and nodes that
// nothing needs any more. What is left open is what has to be searched.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "resolve/problem.hpp"

namespace winnow {

class Propagation {
 public:
  explicit Propagation(const Problem& problem);

  // False when the clauses contradict each other.
  [[nodiscard]] bool run();

  [[nodiscard]] bool is_true(Variable variable) const { return values_[variable] > 0; }
  [[nodiscard]] bool is_false(Variable variable) const { return values_[variable] < 0; }
  [[nodiscard]] bool is_open(Variable variable) const { return values_[variable] == 0; }
  // A clause that is not satisfied yet.
  [[nodiscard]] bool is_live(std::uint32_t clause) const { return satisfied_[clause] == 0; }
  // A soft clause that no solution satisfies.
  [[nodiscard]] bool is_violated(std::uint32_t clause) const { return is_live(clause) && open_[clause] == 0; }

  // Founded whenever it is chosen, by what is chosen already.
  [[nodiscard]] bool is_source(Variable node) const { return sources_[node]; }
  // Must be founded, and only a search can tell; and those on the way to such nodes.
  [[nodiscard]] bool must_be_founded(Variable node) const { return must_be_founded_[node]; }
  [[nodiscard]] bool is_watched(Variable node) const { return watched_[node]; }
  // Nodes that are not false and need `node`; several times when they say so several times.
  [[nodiscard]] std::vector<Variable> parents_of(Variable node) const;

  // Clauses in the order in which unit propagation used them, before anything else was decided.
  [[nodiscard]] const std::vector<std::uint32_t>& forced() const { return forced_; }
  // Nodes that are false because nothing that founds them can be chosen, as far as other clauses ask for them, with all
  // that leads to them: sets for LoopClauses, each after those that it builds on.
  [[nodiscard]] const std::vector<std::vector<Variable>>& unreachable() const { return unreachable_; }

 private:
  [[nodiscard]] std::span<const std::uint32_t> clauses_with(Literal literal) const;
  [[nodiscard]] bool is_false_literal(Literal literal) const {
    const auto value = values_[variable_of(literal)];
    return literal > 0 ? value < 0 : value > 0;
  }
  void index_clauses();
  void enqueue(Literal literal);
  void make_true(Literal literal);
  void find_unit(std::uint32_t clause);
  void propagate();
  template <typename IsPassable>
  [[nodiscard]] std::vector<bool> reach(const IsPassable& is_passable) const;
  template <typename IsPassable>
  [[nodiscard]] bool founds(const Clause& clause, const std::vector<bool>& reached,
                            const IsPassable& is_passable) const;
  [[nodiscard]] bool refuse_unreachable();
  void collect_unreachable(const std::vector<Variable>& refused);
  [[nodiscard]] bool is_founded_beside(std::uint32_t clause, Variable target) const;
  void find_watched();
  [[nodiscard]] bool drop_unneeded();

  const Problem& problem_;
  std::vector<std::int8_t> values_;         // by variable: 1 true, -1 false, 0 open
  std::vector<std::uint32_t> first_;        // by literal: into occurrences_
  std::vector<std::uint32_t> occurrences_;  // clauses
  std::vector<std::uint32_t> open_;         // by clause: literals that are not false
  std::vector<std::uint8_t> satisfied_;     // by clause
  std::vector<Literal> queue_;
  std::size_t next_ = 0;
  bool has_conflict_ = false;
  bool is_recording_ = true;
  std::vector<std::uint32_t> forced_;
  std::vector<bool> refused_;  // by node: false for want of a founding
  std::vector<std::vector<Variable>> unreachable_;
  std::vector<bool> sources_, must_be_founded_, watched_;  // by node
};

}  // namespace winnow
