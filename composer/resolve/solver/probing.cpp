#include <algorithm>

#include "resolve/solver/reduction_rules.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kNoClause = UINT32_MAX;

// Assumes one literal at a time and follows what it forces.
class Prober {
 public:
  Prober(ClauseStore& store, std::uint64_t& steps)
      : store_(store),
        steps_(steps),
        truth_(store.variable_count()),
        false_count_(store.clause_count()),
        is_reason_(store.clause_count()) {}

  void run() {
    for (Variable variable = 0; variable < store_.variable_count(); ++variable) {
      if (!try_literal(negative(variable)) || !try_literal(positive(variable))) return;
    }
  }

 private:
  // False when there is nothing more to do.
  bool try_literal(Literal literal) {
    const Variable variable = variable_of(literal);
    if (!store_.is_open(variable)) return true;
    if (steps_ == 0) return false;
    to_kill_.clear();
    to_shorten_.clear();
    const bool is_possible = follow(literal);
    bool is_replaced = false;
    if (is_possible) {
      collect(literal);
      is_replaced = literal > 0 && has_replacement(variable);
    }
    undo();
    if (!is_possible || is_replaced) {
      store_.set(-literal);
    } else {
      for (const std::uint32_t clause : to_kill_) store_.kill(clause);
      for (const std::uint32_t clause : to_shorten_) {
        if (store_.is_alive(clause) && store_.contains(clause, literal)) store_.strengthen(clause, literal);
      }
    }
    return !store_.has_conflict();
  }

  [[nodiscard]] bool is_true(Literal literal) const { return truth_[variable_of(literal)] == (literal > 0 ? 1 : -1); }
  [[nodiscard]] bool is_unset(Literal literal) const { return truth_[variable_of(literal)] == 0; }

  void assume(Literal literal) {
    truth_[variable_of(literal)] = literal > 0 ? 1 : -1;
    trail_.push_back(literal);
  }

  bool follow(Literal literal) {
    assume(literal);
    for (; followed_ < trail_.size(); ++followed_) {
      const auto& clauses = store_.clauses_with(-trail_[followed_]);
      steps_ -= std::min<std::uint64_t>(steps_, clauses.size() + 1);
      bool is_possible = true;
      for (const std::uint32_t clause : clauses) {
        ++false_count_[clause];
        if (is_possible && store_.is_alive(clause) && false_count_[clause] + 1 >= store_.clause(clause).size())
          is_possible = follow_clause(clause);
      }
      if (!is_possible) {
        ++followed_;  // its counts are to be undone
        return false;
      }
    }
    return true;
  }

  // At most one literal of the clause is not false.
  bool follow_clause(std::uint32_t clause) {
    for (const Literal literal : store_.clause(clause)) {
      if (is_true(literal)) return true;
      if (!is_unset(literal)) continue;
      is_reason_[clause] = true;
      reasons_.push_back(clause);
      assume(literal);
      return true;
    }
    return false;
  }

  void undo() {
    for (std::size_t i = 0; i < followed_; ++i) {
      for (const std::uint32_t clause : store_.clauses_with(-trail_[i])) --false_count_[clause];
    }
    for (const Literal literal : trail_) truth_[variable_of(literal)] = 0;
    for (const std::uint32_t clause : reasons_) is_reason_[clause] = false;
    trail_.clear();
    reasons_.clear();
    followed_ = 0;
  }

  [[nodiscard]] bool has_other_true(std::uint32_t clause, Literal literal) const {
    const auto literals = store_.clause(clause);
    return std::any_of(literals.begin(), literals.end(),
                       [&](Literal other) { return variable_of(other) != variable_of(literal) && is_true(other); });
  }

  // With `literal` true: a clause that asks for it to be followed by what follows anyway; a clause that has it beside
  // what follows from it.
  void collect(Literal literal) {
    for (const std::uint32_t clause : store_.clauses_with(-literal)) {
      if (store_.clause(clause).size() > 2 && !is_reason_[clause] && has_other_true(clause, literal))
        to_kill_.push_back(clause);
    }
    for (const std::uint32_t clause : store_.clauses_with(literal)) {
      if (store_.is_alive(clause) && has_other_true(clause, literal)) to_shorten_.push_back(clause);
    }
  }

  // Another variable that can stand wherever `variable` does, at no more cost: whatever it needs, `variable` needs too.
  [[nodiscard]] bool has_replacement(Variable variable) {
    if (!store_.is_free_to_drop(variable) || store_.cost(variable).is_zero()) return false;
    std::uint32_t shortest = kNoClause;
    for (const std::uint32_t clause : store_.clauses_with(positive(variable))) {
      if (!store_.is_alive(clause)) continue;
      if (shortest == kNoClause || store_.clause(clause).size() < store_.clause(shortest).size()) shortest = clause;
    }
    if (shortest == kNoClause) return true;
    const auto literals = store_.clause(shortest);
    return std::any_of(literals.begin(), literals.end(), [&](Literal other) {
      return other > 0 && variable_of(other) != variable && replaces(variable_of(other), variable);
    });
  }

  [[nodiscard]] bool replaces(Variable better, Variable worse) {
    if (!store_.is_free_to_drop(better)) return false;
    if (store_.count_of(positive(better)) < store_.count_of(positive(worse))) return false;
    if (store_.cost(better) > store_.cost(worse)) return false;
    if (store_.cost(better) == store_.cost(worse) && !is_first(better, worse)) return false;
    for (const std::uint32_t clause : store_.clauses_with(positive(worse))) {
      if (store_.is_alive(clause) && !store_.contains(clause, positive(better))) return false;
    }
    for (const std::uint32_t clause : store_.clauses_with(negative(better))) {
      steps_ -= std::min<std::uint64_t>(steps_, 1);
      if (store_.is_alive(clause) && !is_met_without(clause, better, worse)) return false;
    }
    return true;
  }

  [[nodiscard]] bool is_first(Variable a, Variable b) const {
    const std::uint32_t x = store_.smallest_node(a), y = store_.smallest_node(b);
    return x == y ? a < b : x < y;  // equal only when neither has a node
  }

  // Is the clause met by what `worse` implies, once `better` stands in its place?
  [[nodiscard]] bool is_met_without(std::uint32_t clause, Variable better, Variable worse) const {
    const auto literals = store_.clause(clause);
    return std::any_of(literals.begin(), literals.end(), [&](Literal literal) {
      const Variable variable = variable_of(literal);
      if (variable == worse) return literal < 0;
      return variable != better && is_true(literal);
    });
  }

  ClauseStore& store_;
  std::uint64_t& steps_;
  std::vector<std::int8_t> truth_;          // by variable
  std::vector<std::uint32_t> false_count_;  // by clause
  std::vector<bool> is_reason_;             // by clause
  std::vector<Literal> trail_;
  std::size_t followed_ = 0;
  std::vector<std::uint32_t> reasons_, to_kill_, to_shorten_;
};

}  // namespace

void probe(ClauseStore& store, std::uint64_t& steps) { Prober(store, steps).run(); }

}  // namespace winnow
