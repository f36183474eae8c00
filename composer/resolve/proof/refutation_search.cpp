#include "resolve/proof/refutation_search.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::uint64_t kConflictsOfFirstRestart = 100;
constexpr std::size_t kMostLearnedRows = 20'000;  // then the longer half is forgotten
constexpr double kActivityGrowth = 1 / 0.95;
constexpr double kActivityLimit = 1e100;

}  // namespace

RefutationSearch::RefutationSearch(std::uint32_t variables) {
  for (std::uint32_t i = 0; i < variables; ++i) (void)new_variable();
}

Variable RefutationSearch::new_variable() {
  const auto variable = static_cast<Variable>(values_.size());
  values_.push_back(0);
  phases_.push_back(-1);
  levels_.push_back(0);
  reasons_.push_back(kNone);
  positions_.push_back(0);
  activity_.push_back(0);
  seen_.push_back(0);
  heap_positions_.push_back(-1);
  for (int sign = 0; sign < 2; ++sign) {
    watches_.emplace_back();
    counts_with_.emplace_back();
    counts_of_threshold_.emplace_back();
  }
  heap_push(variable);
  return variable;
}

void RefutationSearch::add_clause(std::span<const Literal> literals) {
  undo_to(0);
  std::vector<Literal> open;
  for (const Literal literal : literals) {
    if (value(literal) > 0) return;
    if (value(literal) == 0) open.push_back(literal);
  }
  std::sort(open.begin(), open.end());
  open.erase(std::unique(open.begin(), open.end()), open.end());
  for (const Literal literal : open) {
    if (literal < 0 && std::binary_search(open.begin(), open.end(), -literal)) return;  // always true
  }
  if (open.empty()) is_contradictory_ = true;
  if (open.size() == 1) assign(open.front(), kNone);
  if (open.size() > 1) add_row(open, false);
}

RefutationSearch::Ref RefutationSearch::add_row(std::span<const Literal> literals, bool is_learned) {
  rows_.push_back(
      {static_cast<std::uint32_t>(literals_.size()), static_cast<std::uint32_t>(literals.size()), is_learned});
  literals_.insert(literals_.end(), literals.begin(), literals.end());
  learned_ += is_learned ? 1 : 0;
  const auto row = static_cast<Ref>(rows_.size() - 1);
  watch(row);
  return row;
}

void RefutationSearch::watch(Ref row) {
  const Literal* literals = &literals_[rows_[static_cast<std::size_t>(row)].first];
  watches_[code(literals[0])].push_back({row, literals[1]});
  watches_[code(literals[1])].push_back({row, literals[0]});
}

void RefutationSearch::add_count(std::span<const Literal> literals, std::span<const Threshold> thresholds) {
  undo_to(0);
  const auto number = static_cast<std::uint32_t>(counts_.size());
  counts_.push_back({{literals.begin(), literals.end()}, {thresholds.begin(), thresholds.end()}, 0});
  for (const Literal literal : literals) {
    counts_with_[code(literal)].push_back(number);
    const bool is_counted = value(literal) > 0 && positions_[index(literal)] < next_;
    counts_.back().true_count += is_counted ? 1 : 0;
  }
  for (const Threshold& threshold : thresholds) counts_of_threshold_[code(threshold.literal)].push_back(number);
  if (check_count(number) != kNone) is_contradictory_ = true;
}

void RefutationSearch::assign(Literal literal, Ref reason) {
  const Variable variable = index(literal);
  values_[variable] = literal > 0 ? 1 : -1;
  levels_[variable] = level();
  reasons_[variable] = reason;
  positions_[variable] = static_cast<std::uint32_t>(trail_.size());
  trail_.push_back(literal);
}

void RefutationSearch::undo_to(int target) {
  if (level() <= target) return;
  const std::size_t start = level_starts_[static_cast<std::size_t>(target)];
  while (trail_.size() > start) {
    const Literal literal = trail_.back();
    trail_.pop_back();
    if (trail_.size() < next_) {
      for (const std::uint32_t count : counts_with_[code(literal)]) --counts_[count].true_count;
    }
    const Variable variable = index(literal);
    phases_[variable] = values_[variable];
    values_[variable] = 0;
    heap_push(variable);
  }
  next_ = std::min(next_, trail_.size());
  level_starts_.resize(static_cast<std::size_t>(target));
}

RefutationSearch::Ref RefutationSearch::propagate() {
  while (next_ < trail_.size()) {
    const Literal literal = trail_[next_++];
    for (const std::uint32_t count : counts_with_[code(literal)]) ++counts_[count].true_count;
    if (const Ref conflict = propagate_clauses(-literal); conflict != kNone) return conflict;
    if (const Ref conflict = propagate_counts(literal); conflict != kNone) return conflict;
  }
  return kNone;
}

// `literal` has become false.
RefutationSearch::Ref RefutationSearch::propagate_clauses(Literal literal) {
  std::vector<Watch>& watches = watches_[code(literal)];
  std::size_t kept = 0;
  for (std::size_t i = 0; i < watches.size(); ++i) {
    const Watch current = watches[i];
    watches[kept++] = current;
    if (value(current.other) > 0) continue;
    const Row& row = rows_[static_cast<std::size_t>(current.row)];
    Literal* literals = &literals_[row.first];
    if (literals[0] == literal) std::swap(literals[0], literals[1]);
    watches[kept - 1].other = literals[0];
    if (value(literals[0]) > 0) continue;
    Literal* const end = literals + row.size;
    Literal* const other = std::find_if(literals + 2, end, [this](Literal candidate) { return value(candidate) >= 0; });
    if (other != end) {
      std::swap(literals[1], *other);
      watches_[code(literals[1])].push_back({current.row, literals[0]});
      --kept;
    } else if (value(literals[0]) == 0) {
      assign(literals[0], current.row);
    } else {
      for (++i; i < watches.size(); ++i) watches[kept++] = watches[i];
      watches.resize(kept);
      return current.row;
    }
  }
  watches.resize(kept);
  return kNone;
}

// `literal` has become true.
RefutationSearch::Ref RefutationSearch::propagate_counts(Literal literal) {
  for (const std::uint32_t count : counts_with_[code(literal)]) {
    if (const Ref conflict = check_count(count); conflict != kNone) return conflict;
  }
  for (const std::uint32_t count : counts_of_threshold_[code(-literal)]) {
    if (const Ref conflict = check_count(count); conflict != kNone) return conflict;
  }
  return kNone;
}

RefutationSearch::Ref RefutationSearch::check_count(std::size_t number) {
  const Count& count = counts_[number];
  const auto self = static_cast<Ref>(~static_cast<std::int32_t>(number));
  for (const Threshold& threshold : count.thresholds) {
    const int known = value(threshold.literal);
    if (count.true_count >= threshold.at_least) {
      if (known < 0) return self;
      if (known == 0) assign(threshold.literal, self);
    } else if (known < 0 && count.true_count + 1 == threshold.at_least) {
      for (const Literal literal : count.literals) {
        if (value(literal) == 0) assign(-literal, self);
      }
    }
  }
  return kNone;
}

void RefutationSearch::explain(Ref ref, Literal implied, std::vector<Literal>& out) const {
  out.clear();
  if (ref < 0) return explain_count(counts_[static_cast<std::size_t>(~ref)], implied, out);
  const Row& row = rows_[static_cast<std::size_t>(ref)];
  for (std::uint32_t i = 0; i < row.size; ++i) {
    if (literals_[row.first + i] != implied) out.push_back(literals_[row.first + i]);
  }
}

void RefutationSearch::explain_count(const Count& count, Literal implied, std::vector<Literal>& out) const {
  const std::uint32_t before = implied == 0 ? UINT32_MAX : positions_[index(implied)];
  const auto was = [&](Literal literal) { return value(literal) > 0 && positions_[index(literal)] < before; };
  std::vector<Literal> falsified;  // the negations of literals that were true
  for (const Literal literal : count.literals) {
    if (was(literal)) falsified.push_back(-literal);
  }
  for (const Threshold& threshold : count.thresholds) {
    const bool is_implied = threshold.literal == implied;
    if (!is_implied && !was(-threshold.literal)) continue;
    const std::uint32_t needed = is_implied || implied == 0 ? threshold.at_least : threshold.at_least - 1;
    if (falsified.size() < needed) continue;
    falsified.resize(needed);
    out = std::move(falsified);
    if (!is_implied) out.push_back(threshold.literal);
    return;
  }
}

// Makes a row of the conflict's first unique implication point, goes back to where it is unit and assigns it.
void RefutationSearch::learn(Ref conflict) {
  learned_clause_.assign(1, 0);
  std::size_t open = 0;
  std::size_t position = trail_.size();
  Literal literal = 0;
  for (Ref reason = conflict;; reason = reasons_[index(literal)]) {
    explain(reason, literal, explanation_);
    for (const Literal false_literal : explanation_) {
      const Variable variable = index(false_literal);
      if (seen_[variable] != 0 || levels_[variable] == 0) continue;
      seen_[variable] = 1;
      bump(variable);
      if (levels_[variable] == level()) {
        ++open;
      } else {
        learned_clause_.push_back(false_literal);
      }
    }
    do --position;
    while (seen_[index(trail_[position])] == 0);
    literal = trail_[position];
    if (--open == 0) break;
  }
  learned_clause_[0] = -literal;
  const std::vector<Literal> all = learned_clause_;
  seen_[index(literal)] = 1;
  std::erase_if(learned_clause_, [&](Literal l) { return l != all.front() && is_implied_by_learned(l); });
  for (std::size_t i = trail_.size(); i-- > position;) seen_[index(trail_[i])] = 0;
  for (const Literal l : all) seen_[index(l)] = 0;
  activity_step_ *= kActivityGrowth;

  int back = 0;
  for (std::size_t i = 1; i < learned_clause_.size(); ++i) {
    if (levels_[index(learned_clause_[i])] <= back) continue;
    back = levels_[index(learned_clause_[i])];
    std::swap(learned_clause_[1], learned_clause_[i]);
  }
  undo_to(back);
  assign(learned_clause_[0], learned_clause_.size() == 1 ? kNone : add_row(learned_clause_, true));
}

// Do other literals of the clause being learned already say that this one is false?
bool RefutationSearch::is_implied_by_learned(Literal literal) {
  const Ref reason = reasons_[index(literal)];
  if (reason == kNone) return false;
  explain(reason, -literal, explanation_);
  return std::all_of(explanation_.begin(), explanation_.end(),
                     [this](Literal l) { return seen_[index(l)] != 0 || levels_[index(l)] == 0; });
}

// Only at level 0.
void RefutationSearch::forget_long_rows() {
  std::vector<std::uint32_t> sizes;
  for (const Row& row : rows_) {
    if (row.is_learned) sizes.push_back(row.size);
  }
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  const std::uint32_t longest = *middle;
  const std::vector<Row> rows = std::move(rows_);
  const std::vector<Literal> literals = std::move(literals_);
  rows_.clear();
  literals_.clear();
  learned_ = 0;
  for (std::vector<Watch>& watches : watches_) watches.clear();
  for (const Row& row : rows) {
    if (row.is_learned && row.size >= longest && row.size > 2) continue;
    add_row(std::span(literals).subspan(row.first, row.size), row.is_learned);
  }
}

RefutationSearch::Decision RefutationSearch::decide(std::span<const Literal> assumptions) {
  while (static_cast<std::size_t>(level()) < assumptions.size()) {
    const Literal assumption = assumptions[static_cast<std::size_t>(level())];
    const int known = value(assumption);
    if (known < 0) return Decision::refuted;
    level_starts_.push_back(trail_.size());
    if (known > 0) continue;
    assign(assumption, kNone);
    return Decision::made;
  }
  while (!heap_.empty()) {
    const Variable variable = heap_pop();
    if (values_[variable] != 0) continue;
    level_starts_.push_back(trail_.size());
    assign(phases_[variable] > 0 ? positive(variable) : negative(variable), kNone);
    return Decision::made;
  }
  return Decision::complete;
}

bool RefutationSearch::propagate_facts() {
  undo_to(0);
  if (!is_contradictory_ && propagate() != kNone) is_contradictory_ = true;
  return !is_contradictory_;
}

Refutation RefutationSearch::refute(std::span<const Literal> assumptions, std::uint64_t conflicts) {
  if (!propagate_facts()) return Refutation::refuted;
  std::uint64_t until_restart = kConflictsOfFirstRestart;
  std::uint64_t since_restart = 0;
  while (true) {
    if (const Ref conflict = propagate(); conflict != kNone) {
      if (level() == 0) {
        is_contradictory_ = true;
        return Refutation::refuted;
      }
      if (conflicts-- == 0) break;
      learn(conflict);
      ++since_restart;
      continue;
    }
    if (since_restart >= until_restart) {
      since_restart = 0;
      until_restart += until_restart / 10;
      undo_to(0);
      if (learned_ > kMostLearnedRows) forget_long_rows();
      continue;
    }
    const Decision decision = decide(assumptions);
    if (decision == Decision::made) continue;
    if (decision == Decision::complete) return Refutation::model;
    undo_to(0);
    return Refutation::refuted;
  }
  undo_to(0);
  return Refutation::limit;
}

void RefutationSearch::bump(Variable variable) {
  activity_[variable] += activity_step_;
  if (heap_positions_[variable] >= 0) sift_up(static_cast<std::size_t>(heap_positions_[variable]));
  if (activity_[variable] <= kActivityLimit) return;
  for (double& activity : activity_) activity /= kActivityLimit;
  activity_step_ /= kActivityLimit;
}

void RefutationSearch::heap_push(Variable variable) {
  if (heap_positions_[variable] >= 0) return;
  heap_.push_back(variable);
  heap_positions_[variable] = static_cast<std::int32_t>(heap_.size() - 1);
  sift_up(heap_.size() - 1);
}

Variable RefutationSearch::heap_pop() {
  const Variable first = heap_.front();
  heap_positions_[first] = -1;
  const Variable last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) {
    heap_.front() = last;
    heap_positions_[last] = 0;
    sift_down(0);
  }
  return first;
}

void RefutationSearch::sift_up(std::size_t position) {
  const Variable variable = heap_[position];
  while (position > 0 && is_before(variable, heap_[(position - 1) / 2])) {
    heap_[position] = heap_[(position - 1) / 2];
    heap_positions_[heap_[position]] = static_cast<std::int32_t>(position);
    position = (position - 1) / 2;
  }
  heap_[position] = variable;
  heap_positions_[variable] = static_cast<std::int32_t>(position);
}

void RefutationSearch::sift_down(std::size_t position) {
  const Variable variable = heap_[position];
  for (std::size_t child = 2 * position + 1; child < heap_.size(); child = 2 * position + 1) {
    if (child + 1 < heap_.size() && is_before(heap_[child + 1], heap_[child])) ++child;
    if (!is_before(heap_[child], variable)) break;
    heap_[position] = heap_[child];
    heap_positions_[heap_[position]] = static_cast<std::int32_t>(position);
    position = child;
  }
  heap_[position] = variable;
  heap_positions_[variable] = static_cast<std::int32_t>(position);
}

}  // namespace winnow
