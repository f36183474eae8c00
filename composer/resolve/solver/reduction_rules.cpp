#include "resolve/solver/reduction_rules.hpp"

#include <algorithm>
#include <optional>

namespace winnow {

namespace {

// The node that alone asks for `variable`, when it is one clause of the kind "not parent, or variable".
std::optional<Variable> only_parent(const ClauseStore& store, Variable variable) {
  if (store.count_of(positive(variable)) != 1) return std::nullopt;
  for (const std::uint32_t index : store.clauses_with(positive(variable))) {
    if (!store.is_alive(index)) continue;
    const auto clause = store.clause(index);
    if (clause.size() != 2 || clause[0] > 0) return std::nullopt;
    return variable_of(clause[0]);
  }
  return std::nullopt;
}

// Strongly connected literals of the clauses with two literals (Tarjan's algorithm without recursion).
class Circles {
 public:
  explicit Circles(const ClauseStore& store)
      : store_(store), index_(2 * store.variable_count()), low_(index_.size()), is_on_stack_(index_.size()) {}

  std::vector<std::vector<Literal>> run() {
    for (Variable variable = 0; variable < store_.variable_count(); ++variable) {
      if (!store_.is_open(variable)) continue;
      for (const Literal literal : {positive(variable), negative(variable)}) {
        if (index_[slot_of(literal)] == 0) visit(literal);
      }
    }
    return std::move(circles_);
  }

 private:
  struct Frame {
    Literal literal;
    std::size_t next;  // into the clauses that have -literal
  };

  void open(Literal literal) {
    index_[slot_of(literal)] = low_[slot_of(literal)] = ++last_;
    is_on_stack_[slot_of(literal)] = true;
    stack_.push_back(literal);
    frames_.push_back({literal, 0});
  }

  void visit(Literal root) {
    open(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const std::size_t own = slot_of(frame.literal);
      const auto& clauses = store_.clauses_with(-frame.literal);
      if (frame.next < clauses.size()) {
        const std::uint32_t index = clauses[frame.next++];
        const auto clause = store_.clause(index);
        if (clause.size() != 2) continue;
        const Literal other = clause[0] == -frame.literal ? clause[1] : clause[0];
        if (index_[slot_of(other)] == 0) {
          open(other);
        } else if (is_on_stack_[slot_of(other)]) {
          low_[own] = std::min(low_[own], index_[slot_of(other)]);
        }
        continue;
      }
      if (low_[own] == index_[own]) close(frame.literal);
      frames_.pop_back();
      if (!frames_.empty()) {
        const std::size_t parent = slot_of(frames_.back().literal);
        low_[parent] = std::min(low_[parent], low_[own]);
      }
    }
  }

  void close(Literal literal) {
    std::vector<Literal> circle;
    do {
      circle.push_back(stack_.back());
      is_on_stack_[slot_of(stack_.back())] = false;
      stack_.pop_back();
    } while (circle.back() != literal);
    if (circle.size() > 1) circles_.push_back(std::move(circle));
  }

  const ClauseStore& store_;
  std::vector<std::uint32_t> index_, low_;  // by slot; index 0 = not seen
  std::vector<bool> is_on_stack_;
  std::vector<Literal> stack_;
  std::vector<Frame> frames_;
  std::uint32_t last_ = 0;
  std::vector<std::vector<Literal>> circles_;
};

// Marks the literals of one clause, to compare others with it.
class Subsumption {
 public:
  explicit Subsumption(ClauseStore& store) : store_(store), is_marked_(2 * store.variable_count()) {}

  void run() {
    for (std::uint32_t index = 0; index < store_.clause_count() && !store_.has_conflict(); ++index) {
      if (store_.is_alive(index) && store_.clause(index).size() > 1) use(index);
    }
  }

 private:
  void use(std::uint32_t index) {
    const std::vector<Literal> clause(store_.clause(index).begin(), store_.clause(index).end());
    const auto rarest = std::min_element(clause.begin(), clause.end(), [this](Literal a, Literal b) {
      return store_.clauses_with(a).size() < store_.clauses_with(b).size();
    });
    for (const std::uint32_t other : candidates(index, *rarest)) {
      if (store_.is_alive(other) && is_within(clause, 0, other)) store_.kill(other);
    }
    for (const Literal flipped : clause) {
      for (const std::uint32_t other : candidates(index, -flipped)) {
        if (!store_.is_alive(index)) return;
        if (!store_.is_alive(other) || !is_within(clause, flipped, other)) continue;
        store_.strengthen(other, -flipped);
        if (store_.has_conflict()) return;
      }
      if (!store_.is_alive(index) || store_.clause(index).size() != clause.size()) return;
    }
  }

  [[nodiscard]] std::vector<std::uint32_t> candidates(std::uint32_t index, Literal literal) const {
    std::vector<std::uint32_t> found;
    const std::size_t size = store_.clause(index).size();
    for (const std::uint32_t other : store_.clauses_with(literal)) {
      if (other == index || store_.clause(other).size() < size) continue;
      if ((store_.signature(index) & ~store_.signature(other)) == 0) found.push_back(other);
    }
    return found;
  }

  // Is every literal of `clause`, with `flipped` negated, in `other`?
  [[nodiscard]] bool is_within(const std::vector<Literal>& clause, Literal flipped, std::uint32_t other) {
    const auto literals = store_.clause(other);
    for (const Literal literal : literals) is_marked_[slot_of(literal)] = true;
    const bool is_in = std::all_of(clause.begin(), clause.end(), [&](Literal literal) {
      return is_marked_[slot_of(literal == flipped ? -literal : literal)];
    });
    for (const Literal literal : literals) is_marked_[slot_of(literal)] = false;
    return is_in;
  }

  ClauseStore& store_;
  std::vector<bool> is_marked_;  // by slot
};

}  // namespace

void drop_and_ride(ClauseStore& store) {
  for (std::uint64_t before = store.changes() - 1; before != store.changes() && !store.has_conflict();) {
    before = store.changes();
    for (Variable variable = 0; variable < store.variable_count(); ++variable) {
      if (!store.is_open(variable) || !store.is_free_to_drop(variable)) continue;
      if (store.count_of(positive(variable)) == 0) {
        store.set(negative(variable));
      } else if (store.cost(variable).is_zero() && store.count_of(negative(variable)) == 0) {
        store.set(positive(variable));
      } else if (const auto parent = only_parent(store, variable)) {
        store.merge(*parent, variable);
      }
      if (store.has_conflict()) return;
    }
  }
}

void merge_circles(ClauseStore& store) {
  for (const std::vector<Literal>& circle : Circles(store).run()) {
    std::vector<Variable> same;
    for (const Literal literal : circle) {
      if (literal > 0) same.push_back(variable_of(literal));
    }
    std::sort(same.begin(), same.end());
    for (std::size_t i = 1; i < same.size(); ++i) {
      if (!store.is_open(same[0]) || !store.is_open(same[i])) continue;
      store.merge(same[0], same[i]);
      if (store.has_conflict()) return;
    }
  }
}

void subsume(ClauseStore& store) { Subsumption(store).run(); }

}  // namespace winnow
