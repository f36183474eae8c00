#include "resolve/check_proof.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "resolve/proof/part_check.hpp"
#include "resolve/proof/proof_text.hpp"
#include "resolve/proof/refutation_search.hpp"

namespace winnow {

namespace {

constexpr std::uint64_t kMostConflictsOfACore = 2'000'000;
constexpr std::size_t kMostFaults = 100;

std::optional<Cost> checked_sum(Cost a, const Cost& b) {
  for (std::size_t i = 0; i < kCostLevels; ++i) {
    if (__builtin_add_overflow(a.levels[i], b.levels[i], &a.levels[i])) return std::nullopt;
  }
  return a;
}

std::optional<Cost> checked_difference(Cost a, const Cost& b) {
  for (std::size_t i = 0; i < kCostLevels; ++i) {
    if (__builtin_sub_overflow(a.levels[i], b.levels[i], &a.levels[i])) return std::nullopt;
  }
  return a;
}

bool is_founding(const Clause& clause) { return clause.kind == ClauseKind::request || clause.kind == ClauseKind::need; }

class ProofChecker {
 public:
  ProofChecker(const Problem& problem, const Certificate& certificate)
      : problem_(problem),
        certificate_(certificate),
        is_true_(problem.costs.size()),
        search_(static_cast<std::uint32_t>(problem.costs.size())) {}

  [[nodiscard]] ProofCheck run() {
    check_costs_of_problem();
    if (!mark_chosen()) return std::move(check_);
    check_clauses();
    check_founded();
    check_cost();
    const bool is_solution = check_.faults.empty();
    check_forced();
    fill_search();
    check_loops();
    check_cores();
    if (is_solution) check_small_parts();
    return std::move(check_);
  }

 private:
  void fault(const std::string& object, const std::string& reason) {
    if (check_.faults.size() < kMostFaults) {
      check_.faults.push_back({{}, "cannot accept " + object + ": " + reason, {}});
    }
  }
  [[nodiscard]] bool is_node(Variable variable) const { return variable < problem_.node_count(); }
  [[nodiscard]] bool holds(Literal literal) const { return is_true_[variable_of(literal)] == (literal > 0); }
  [[nodiscard]] bool is_met(const Clause& clause) const {
    const auto literals = problem_.literals_of(clause);
    return std::any_of(literals.begin(), literals.end(), [this](Literal literal) { return holds(literal); });
  }
  [[nodiscard]] std::string clause_name(std::size_t clause) const {
    return "clause " + std::to_string(clause + 1) + " (" + std::string(to_string(problem_.clauses[clause].kind)) + ")";
  }

  // The argument needs weights that are not below zero.
  void check_costs_of_problem() {
    for (Variable variable = 0; variable < problem_.costs.size(); ++variable) {
      if (problem_.costs[variable] < Cost{}) fault("the problem", variable_name(variable) + " costs less than nothing");
    }
    for (std::size_t i = 0; i < problem_.clauses.size(); ++i) {
      const std::uint32_t soft = problem_.clauses[i].soft;
      if (soft != kHard && problem_.soft_costs[soft] < Cost{}) {
        fault("the problem", clause_name(i) + " costs less than nothing");
      }
    }
  }

  [[nodiscard]] bool mark_chosen() {
    const std::vector<Variable>& chosen = certificate_.chosen;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (!is_node(chosen[i])) fault("the solution", variable_name(chosen[i]) + " is no node");
      if (i > 0 && chosen[i - 1] >= chosen[i]) {
        fault("the solution", variable_name(chosen[i]) + " stands behind " + variable_name(chosen[i - 1]));
      }
      if (is_node(chosen[i])) is_true_[chosen[i]] = true;
    }
    for (const Clause& clause : problem_.clauses) {
      if (clause.kind != ClauseKind::file) continue;
      const auto literals = problem_.literals_of(clause);
      if (!holds(literals.front())) is_true_[variable_of(literals.back())] = true;
    }
    return check_.faults.empty();
  }

  void check_clauses() {
    for (std::size_t i = 0; i < problem_.clauses.size(); ++i) {
      const Clause& clause = problem_.clauses[i];
      if (clause.soft != kHard) continue;
      ++check_.clauses_checked;
      if (!is_met(clause)) fault("the solution", clause_name(i) + " has no true literal");
    }
  }

  void check_founded() {
    const std::vector<bool> founded = founded_nodes([this](Variable variable) { return is_true_[variable]; });
    for (const Variable variable : certificate_.chosen) {
      if (!founded[variable]) {
        fault("the solution", "no chain of requests and needs leads to " + variable_name(variable));
      }
    }
  }

  void check_cost() {
    std::optional<Cost> sum = Cost{};
    const auto add = [&sum](const Cost& cost) {
      if (sum) sum = checked_sum(*sum, cost);
    };
    for (Variable variable = 0; variable < is_true_.size(); ++variable) {
      if (is_true_[variable]) add(problem_.costs[variable]);
    }
    for (const Clause& clause : problem_.clauses) {
      if (clause.soft != kHard && !is_met(clause)) add(problem_.soft_costs[clause.soft]);
    }
    if (!sum) return fault("the cost", "the numbers are too large to add up");
    if (*sum != certificate_.cost) {
      fault("the cost", "the solution costs " + print_cost(*sum) + ", not " + print_cost(certificate_.cost));
    }
  }

  void check_forced() {
    std::vector<std::int8_t> values(problem_.costs.size());
    const auto value = [&](Literal literal) {
      return literal > 0 ? values[variable_of(literal)] : -values[variable_of(literal)];
    };
    for (std::size_t i = 0; i < certificate_.forced.size(); ++i) {
      const std::string object = "forced line " + std::to_string(i + 1);
      const std::uint32_t index = certificate_.forced[i];
      if (index >= problem_.clauses.size()) {
        fault(object, "there is no clause " + std::to_string(std::uint64_t{index} + 1));
        continue;
      }
      if (problem_.clauses[index].soft != kHard) {
        fault(object, clause_name(index) + " is soft, it forces nothing");
        continue;
      }
      Literal open = 0;
      bool is_unit = true, is_met = false;
      for (const Literal literal : problem_.literals_of(problem_.clauses[index])) {
        is_met = is_met || value(literal) > 0;
        if (value(literal) != 0 || literal == open) continue;
        is_unit = is_unit && open == 0;
        open = literal;
      }
      if (is_met) {
        fault(object, clause_name(index) + " is met already, it forces nothing");
      } else if (!is_unit) {
        fault(object, clause_name(index) + " has more than one open literal, it forces nothing yet");
      } else if (open == 0) {
        fault(object, clause_name(index) + " has no open literal");
      } else {
        values[variable_of(open)] = open > 0 ? 1 : -1;
      }
    }
  }

  void fill_search() {
    for (const Clause& clause : problem_.clauses) {
      if (clause.soft == kHard) search_.add_clause(problem_.literals_of(clause));
    }
    while (search_.propagate_facts() && refuse_unreachable()) continue;
  }

  // Nodes that nothing founds whatever is chosen are in no solution. False when there is none that is not known yet.
  [[nodiscard]] bool refuse_unreachable() {
    const std::vector<bool> reached =
        founded_nodes([this](Variable variable) { return search_.value(positive(variable)) >= 0; });
    bool is_new = false;
    for (Variable node = 0; node < problem_.node_count(); ++node) {
      if (reached[node] || search_.value(positive(node)) < 0) continue;
      search_.add_clause(std::vector{negative(node)});
      is_new = true;
    }
    return is_new;
  }

  // Those of the nodes that `may_be_chosen` to which a chain of requests and needs leads.
  template <typename MayBeChosen>
  [[nodiscard]] std::vector<bool> founded_nodes(const MayBeChosen& may_be_chosen) const {
    std::vector<bool> founded(problem_.costs.size());
    for (bool changed = true; changed;) {
      changed = false;
      for (const Clause& clause : problem_.clauses) {
        if (!is_founding(clause)) continue;
        const auto literals = problem_.literals_of(clause);
        const bool leads = std::all_of(literals.begin(), literals.end(),
                                       [&](Literal literal) { return literal > 0 || founded[variable_of(literal)]; });
        for (const Literal literal : literals) {
          const Variable variable = variable_of(literal);
          if (!leads || literal < 0 || founded[variable] || !may_be_chosen(variable)) continue;
          founded[variable] = changed = true;
        }
      }
    }
    return founded;
  }

  void check_loops() {
    if (certificate_.loops.empty()) return;
    std::vector<std::vector<std::uint32_t>> foundings(problem_.node_count());  // clauses that lead to the node
    for (std::uint32_t i = 0; i < problem_.clauses.size(); ++i) {
      if (!is_founding(problem_.clauses[i])) continue;
      for (const Literal literal : problem_.literals_of(problem_.clauses[i])) {
        if (literal > 0) foundings[variable_of(literal)].push_back(i);
      }
    }
    for (std::size_t i = 0; i < certificate_.loops.size(); ++i) {
      const LoopClause& loop = certificate_.loops[i];
      const std::size_t before = check_.faults.size();
      check_loop("loop " + std::to_string(i + 1), loop, foundings);
      if (check_.faults.size() != before) continue;
      for (const Variable unfounded : loop.unfounded) {
        std::vector<Literal> clause = {negative(unfounded)};
        for (const Variable support : loop.supports) clause.push_back(positive(support));
        search_.add_clause(clause);
      }
    }
  }

  [[nodiscard]] bool check_node_list(const std::string& object, const std::vector<Variable>& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!is_node(list[i])) {
        fault(object, variable_name(list[i]) + " is no node");
        return false;
      }
      if (i > 0 && list[i - 1] >= list[i]) {
        fault(object, variable_name(list[i]) + " stands behind " + variable_name(list[i - 1]));
        return false;
      }
    }
    return true;
  }

  void check_loop(const std::string& object, const LoopClause& loop,
                  const std::vector<std::vector<std::uint32_t>>& foundings) {
    const auto has = [](const std::vector<Variable>& list, Variable variable) {
      return std::binary_search(list.begin(), list.end(), variable);
    };
    if (loop.unfounded.empty()) return fault(object, "it names no node");
    if (!check_node_list(object, loop.unfounded) || !check_node_list(object, loop.supports)) return;
    std::vector<bool> is_used(loop.supports.size());
    for (const Variable unfounded : loop.unfounded) {
      for (const std::uint32_t index : foundings[unfounded]) {
        Variable outside = UINT32_MAX;
        bool is_inside = false, is_supported = false;
        for (const Literal literal : problem_.literals_of(problem_.clauses[index])) {
          if (literal > 0) continue;
          is_inside = is_inside || has(loop.unfounded, variable_of(literal));
          outside = variable_of(literal);
          const auto found = std::lower_bound(loop.supports.begin(), loop.supports.end(), outside);
          if (found == loop.supports.end() || *found != outside) continue;
          is_supported = true;
          is_used[static_cast<std::size_t>(found - loop.supports.begin())] = true;
        }
        if (is_inside || is_supported) continue;
        if (outside == UINT32_MAX) return fault(object, clause_name(index) + " asks for " + variable_name(unfounded));
        return fault(object, variable_name(outside) + " needs " + variable_name(unfounded) + " and is no support");
      }
    }
    const auto unused = std::find(is_used.begin(), is_used.end(), false);
    if (unused == is_used.end()) return;
    fault(object, variable_name(loop.supports[static_cast<std::size_t>(unused - is_used.begin())]) +
                      " is a support and needs none of them");
  }

  void check_cores() {
    find_counts();
    std::optional<Cost> sum = Cost{};
    for (std::uint32_t i = 0; i < certificate_.cores.size(); ++i) {
      const Core& core = certificate_.cores[i];
      if (sum) sum = checked_sum(*sum, core.weight);
      const bool is_sound = check_shape(i) && charge(i);
      if (is_sound) refute(i);
      if (is_sound) define_counts(i);
    }
    if (!sum) return fault("the bound", "the numbers are too large to add up");
    if (*sum != certificate_.bound) {
      fault("the bound",
            "the weights of the cores add up to " + print_cost(*sum) + ", not " + print_cost(certificate_.bound));
    }
    if (certificate_.bound != certificate_.cost) {
      fault("the certificate",
            "its bound, " + print_cost(certificate_.bound) + ", is not its cost, " + print_cost(certificate_.cost));
    }
  }

  static std::string core_name(std::uint32_t core) { return "core " + std::to_string(core + 1); }

  [[nodiscard]] std::string literal_name(const CoreLiteral& literal) const {
    switch (literal.kind) {
      case CoreLiteral::Kind::variable:
        return variable_name(literal.index);
      case CoreLiteral::Kind::soft_clause:
        return "not clause " + std::to_string(std::uint64_t{literal.index} + 1);
      case CoreLiteral::Kind::count:
        return "at least " + std::to_string(literal.at_least) + " of core " +
               std::to_string(std::uint64_t{literal.index} + 1);
    }
    return "";
  }

  [[nodiscard]] std::string fault_of_literal(const CoreLiteral& literal, std::uint32_t core) const {
    switch (literal.kind) {
      case CoreLiteral::Kind::variable:
        return literal.index < problem_.costs.size() ? "" : literal_name(literal) + " is no variable";
      case CoreLiteral::Kind::soft_clause:
        if (literal.index >= problem_.clauses.size()) {
          return "there is no clause " + std::to_string(std::uint64_t{literal.index} + 1);
        }
        return problem_.clauses[literal.index].soft != kHard ? "" : clause_name(literal.index) + " is not soft";
      case CoreLiteral::Kind::count:
        if (literal.index >= core) return literal_name(literal) + " counts no earlier core";
        if (literal.at_least < 2 || literal.at_least > certificate_.cores[literal.index].literals.size()) {
          return literal_name(literal) + " is no new literal, that core has " +
                 std::to_string(certificate_.cores[literal.index].literals.size());
        }
        return is_defined_[literal.index] ? "" : literal_name(literal) + " counts a core that was not accepted";
    }
    return "it holds a literal of no kind";
  }

  [[nodiscard]] bool check_shape(std::uint32_t index) {
    const Core& core = certificate_.cores[index];
    std::vector<CoreLiteral> sorted = core.literals;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    std::string reason;
    if (core.literals.empty()) reason = "it has no literals";
    if (core.weight <= Cost{}) reason = "its weight, " + print_cost(core.weight) + ", is not above nothing";
    for (const CoreLiteral& literal : core.literals) {
      if (reason.empty()) reason = fault_of_literal(literal, index);
    }
    if (reason.empty() && twice != sorted.end()) reason = "it holds " + literal_name(*twice) + " twice";
    if (!reason.empty()) fault(core_name(index), reason);
    return reason.empty();
  }

  [[nodiscard]] Cost full_weight(const CoreLiteral& literal) const {
    switch (literal.kind) {
      case CoreLiteral::Kind::variable:
        return problem_.costs[literal.index];
      case CoreLiteral::Kind::soft_clause:
        return problem_.soft_costs[problem_.clauses[literal.index].soft];
      case CoreLiteral::Kind::count:
        return certificate_.cores[literal.index].weight;
    }
    return {};
  }

  [[nodiscard]] bool charge(std::uint32_t index) {
    const Core& core = certificate_.cores[index];
    for (const CoreLiteral& literal : core.literals) {
      Cost& left = left_.try_emplace(literal, full_weight(literal)).first->second;
      const std::optional<Cost> rest = checked_difference(left, core.weight);
      if (!rest || *rest < Cost{}) {
        fault(core_name(index), "it charges " + print_cost(core.weight) + " to " + literal_name(literal) +
                                    ", which has " + print_cost(left) + " left");
        return false;
      }
      left = *rest;
    }
    return true;
  }

  // The literal of the search that is true when the core's literal is.
  [[nodiscard]] Literal search_literal(const CoreLiteral& literal) {
    if (literal.kind == CoreLiteral::Kind::variable) return positive(literal.index);
    const auto [found, is_new] = search_literals_.try_emplace(literal, 0);
    if (!is_new) return found->second;
    found->second = positive(search_.new_variable());
    if (literal.kind == CoreLiteral::Kind::soft_clause) {
      const auto literals = problem_.literals_of(problem_.clauses[literal.index]);
      std::vector<Literal> clause(literals.begin(), literals.end());
      clause.push_back(found->second);
      search_.add_clause(clause);
    }
    return found->second;
  }

  void refute(std::uint32_t index) {
    std::vector<Literal> clause;
    for (const CoreLiteral& literal : certificate_.cores[index].literals) clause.push_back(search_literal(literal));
    std::vector<Literal> assumptions;
    for (const Literal literal : clause) assumptions.push_back(-literal);
    const Refutation refutation = search_.refute(assumptions, kMostConflictsOfACore);
    search_.forget_model();
    if (refutation == Refutation::model) {
      return fault(core_name(index), "every clause can hold while none of its literals does");
    }
    if (refutation == Refutation::limit) {
      return fault(core_name(index), "not refuted within " + std::to_string(kMostConflictsOfACore) + " conflicts");
    }
    ++check_.cores_proved;
    search_.add_clause(clause);  // it follows from the clauses, and makes the next ones quicker
  }

  // Which counts of a core later cores hold.
  void find_counts() {
    is_defined_.assign(certificate_.cores.size(), false);
    counts_.resize(certificate_.cores.size());
    for (const Core& core : certificate_.cores) {
      for (const CoreLiteral& literal : core.literals) {
        if (literal.kind != CoreLiteral::Kind::count || literal.index >= counts_.size()) continue;
        counts_[literal.index].push_back(literal.at_least);
      }
    }
    for (std::vector<std::uint32_t>& list : counts_) {
      std::sort(list.begin(), list.end());
      list.erase(std::unique(list.begin(), list.end()), list.end());
    }
  }

  void define_counts(std::uint32_t index) {
    is_defined_[index] = true;
    if (counts_[index].empty()) return;
    std::vector<Literal> literals;
    for (const CoreLiteral& literal : certificate_.cores[index].literals) literals.push_back(search_literal(literal));
    std::vector<RefutationSearch::Threshold> thresholds;
    for (const std::uint32_t at_least : counts_[index]) {
      const CoreLiteral count{CoreLiteral::Kind::count, index, at_least};
      thresholds.push_back({at_least, search_literal(count)});
    }
    search_.add_count(literals, thresholds);
  }

  void check_small_parts() {
    if (!search_.propagate_facts()) return fault("the problem", "its clauses contradict each other");
    std::vector<std::int8_t> decided;
    for (Variable variable = 0; variable < problem_.costs.size(); ++variable) {
      decided.push_back(static_cast<std::int8_t>(search_.value(positive(variable))));
    }
    PartCheck parts = check_parts(problem_, decided, is_true_);
    check_.variables_enumerated = parts.variables;
    for (Fault& one : parts.faults) check_.faults.push_back(std::move(one));
  }

  const Problem& problem_;
  const Certificate& certificate_;
  ProofCheck check_;
  std::vector<bool> is_true_;  // by Variable, in the solution
  RefutationSearch search_;
  std::map<CoreLiteral, Literal> search_literals_;  // of soft clauses and counts
  std::map<CoreLiteral, Cost> left_;                // of the weights, after the cores so far
  std::vector<std::vector<std::uint32_t>> counts_;  // by core
  std::vector<bool> is_defined_;                    // by core: later ones may count it
};

}  // namespace

ProofCheck check_proof(const Problem& problem, const Certificate& certificate) {
  return ProofChecker(problem, certificate).run();
}

}  // namespace winnow
