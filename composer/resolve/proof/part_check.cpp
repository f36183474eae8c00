#include "resolve/proof/part_check.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "resolve/proof/proof_text.hpp"

namespace winnow {

namespace {

using Mask = std::uint64_t;

bool is_founding(const Clause& clause) { return clause.kind == ClauseKind::request || clause.kind == ClauseKind::need; }

// A connected part, its open nodes as bits: the first node is the highest bit, so that of two sets the larger number
// comes first in canonical order. Decided nodes that open ones must found are bits above those.
struct Part {
  struct Rule {
    Mask positive = 0, negative = 0;
    Cost cost;  // of a soft clause
  };
  std::vector<Variable> nodes;    // ascending
  std::vector<Variable> pending;  // decided nodes that open ones must found
  std::vector<Rule> hard, soft;   // clauses
  std::vector<Rule> files;        // positive: the owners
  std::vector<Rule> foundings;    // negative: who must be founded; positive: who is then
};

class PartEnumeration {
 public:
  PartEnumeration(const Problem& problem, const Part& part, Mask solution, std::uint64_t& steps)
      : problem_(problem),
        part_(part),
        solution_(solution),
        steps_(steps),
        hard_at_(part.nodes.size() + 1),
        soft_at_(part.nodes.size() + 1) {
    for (const Part::Rule& rule : part.hard) hard_at_[depth_of(rule)].push_back(&rule);
    for (const Part::Rule& rule : part.soft) soft_at_[depth_of(rule)].push_back(&rule);
    limit_ = cost_of_set(solution);
  }

  // False when the steps ran out.
  [[nodiscard]] bool run() { return visit(0, 0, Cost{}); }
  [[nodiscard]] bool found() const { return found_; }
  [[nodiscard]] Mask better() const { return better_; }
  [[nodiscard]] const Cost& better_cost() const { return better_cost_; }
  [[nodiscard]] const Cost& solution_cost() const { return limit_; }

 private:
  [[nodiscard]] Mask bit(std::size_t node) const { return Mask{1} << (part_.nodes.size() - 1 - node); }
  // After how many nodes all of the rule's are known.
  [[nodiscard]] std::size_t depth_of(const Part::Rule& rule) const {
    for (std::size_t depth = part_.nodes.size(); depth > 0; --depth) {
      if (((rule.positive | rule.negative) & bit(depth - 1)) != 0) return depth;
    }
    return 0;
  }
  [[nodiscard]] static bool holds(const Part::Rule& rule, Mask set) {
    return (rule.positive & set) != 0 || (rule.negative & ~set) != 0;
  }

  [[nodiscard]] Cost cost_of_set(Mask set) const {
    Cost cost;
    for (std::size_t i = 0; i < part_.nodes.size(); ++i) {
      if ((set & bit(i)) != 0) cost += problem_.costs[part_.nodes[i]];
    }
    for (const Part::Rule& file : part_.files) cost += (file.positive & set) != 0 ? file.cost : Cost{};
    for (const Part::Rule& rule : part_.soft) cost += holds(rule, set) ? Cost{} : rule.cost;
    return cost;
  }

  [[nodiscard]] bool is_founded(Mask set) const {
    const Mask all = set | (((Mask{1} << part_.pending.size()) - 1) << part_.nodes.size());
    Mask founded = 0;
    for (Mask before = ~Mask{0}; founded != before;) {
      before = founded;
      for (const Part::Rule& rule : part_.foundings) {
        if ((rule.negative & ~founded) == 0) founded |= rule.positive & all;
      }
    }
    return founded == all;
  }

  [[nodiscard]] bool visit(std::size_t depth, Mask set, Cost cost) {
    if (steps_-- == 0) return false;
    for (const Part::Rule* rule : hard_at_[depth]) {
      if (!holds(*rule, set)) return true;
    }
    for (const Part::Rule* rule : soft_at_[depth]) cost += holds(*rule, set) ? Cost{} : rule->cost;
    if (cost > limit_ || found_) return true;  // no cost is below zero, so nothing further down can matter
    if (depth == part_.nodes.size()) {
      if (cost == limit_ ? set > solution_ && is_founded(set) : is_founded(set)) take(set, cost);
      return true;
    }
    Cost with = cost + problem_.costs[part_.nodes[depth]];
    for (const Part::Rule& file : part_.files) {
      const bool is_first = (file.positive & bit(depth)) != 0 && (file.positive & set) == 0;
      if (is_first) with += file.cost;
    }
    return visit(depth + 1, set | bit(depth), with) && visit(depth + 1, set, cost);
  }

  void take(Mask set, const Cost& cost) {
    found_ = true;
    better_ = set;
    better_cost_ = cost;
  }

  const Problem& problem_;
  const Part& part_;
  Mask solution_;
  std::uint64_t& steps_;
  std::vector<std::vector<const Part::Rule*>> hard_at_, soft_at_;
  Cost limit_;
  bool found_ = false;
  Mask better_ = 0;
  Cost better_cost_;
};

class PartFinder {
 public:
  PartFinder(const Problem& problem, std::span<const std::int8_t> decided)
      : problem_(problem),
        decided_(decided),
        leaders_(problem.costs.size()),
        needs_founding_(problem.node_count()),
        is_pending_(problem.node_count()) {
    std::iota(leaders_.begin(), leaders_.end(), 0U);
  }

  // Parts of at most kMostPartVariables nodes, the smallest first.
  [[nodiscard]] std::vector<Part> find() {
    mark_pending();
    mark_founding();
    for (const Clause& clause : problem_.clauses) connect(clause);
    std::map<Variable, Part> parts;
    for (Variable node = 0; node < problem_.node_count(); ++node) {
      if (is_open(node)) parts[leader(node)].nodes.push_back(node);
      if (is_pending_[node]) parts[leader(node)].pending.push_back(node);
    }
    std::erase_if(parts, [](const auto& entry) {
      return entry.second.nodes.empty() || entry.second.nodes.size() > kMostPartVariables ||
             entry.second.pending.size() > kMostPartVariables;
    });
    for (const Clause& clause : problem_.clauses) add_rules(clause, parts);
    std::vector<Part> sorted;
    for (auto& [first, part] : parts) {
      add_files(part);
      sorted.push_back(std::move(part));
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Part& a, const Part& b) { return a.nodes.size() < b.nodes.size(); });
    return sorted;
  }

 private:
  [[nodiscard]] bool is_node(Variable variable) const { return variable < problem_.node_count(); }
  [[nodiscard]] bool is_open(Variable variable) const { return decided_[variable] == 0; }
  [[nodiscard]] bool is_element(Variable node) const { return is_open(node) || is_pending_[node]; }
  [[nodiscard]] int value(Literal literal) const {
    return literal > 0 ? decided_[variable_of(literal)] : -decided_[variable_of(literal)];
  }
  [[nodiscard]] bool is_met(const Clause& clause) const {
    const auto literals = problem_.literals_of(clause);
    return std::any_of(literals.begin(), literals.end(), [this](Literal literal) { return value(literal) > 0; });
  }
  // Can it lead to its targets at all?
  [[nodiscard]] bool is_live_founding(const Clause& clause) const {
    const auto literals = problem_.literals_of(clause);
    return is_founding(clause) && std::none_of(literals.begin(), literals.end(),
                                               [this](Literal literal) { return literal < 0 && value(literal) > 0; });
  }

  Variable leader(Variable variable) {
    while (leaders_[variable] != variable) variable = leaders_[variable] = leaders_[leaders_[variable]];
    return variable;
  }
  void join(Variable a, Variable b) { leaders_[std::max(leader(a), leader(b))] = std::min(leader(a), leader(b)); }

  // Decided nodes that decided nodes alone do not found.
  void mark_pending() {
    std::vector<bool> founded(problem_.node_count());
    for (bool changed = true; changed;) {
      changed = false;
      for (const Clause& clause : problem_.clauses) {
        const auto literals = problem_.literals_of(clause);
        const bool leads = is_founding(clause) && std::all_of(literals.begin(), literals.end(), [&](Literal literal) {
                             return literal > 0 || founded[variable_of(literal)];
                           });
        for (const Literal literal : literals) {
          if (!leads || literal < 0 || decided_[variable_of(literal)] <= 0 || founded[variable_of(literal)]) continue;
          founded[variable_of(literal)] = changed = true;
        }
      }
    }
    for (Variable node = 0; node < problem_.node_count(); ++node) {
      is_pending_[node] = decided_[node] > 0 && !founded[node];
    }
  }

  // Open nodes for which it matters that something leads to them. The others are never in a best set without the clause
  // that wants them: they cost something and nothing else gains by them.
  void mark_founding() {
    for (Variable node = 0; node < problem_.node_count(); ++node) {
      needs_founding_[node] = problem_.costs[node].is_zero() || is_pending_[node];
    }
    for (const Clause& clause : problem_.clauses) {
      if (is_founding(clause) || clause.kind == ClauseKind::file) continue;
      for (const Literal literal : problem_.literals_of(clause)) {
        if (literal > 0) needs_founding_[variable_of(literal)] = true;
      }
    }
  }

  void connect(const Clause& clause) {
    Variable first = kNoVariable;
    const auto touch = [&](Variable variable) {
      if (first == kNoVariable) first = variable;
      join(first, variable);
    };
    const auto literals = problem_.literals_of(clause);
    if (!is_met(clause)) {
      for (const Literal literal : literals) {
        if (is_open(variable_of(literal))) touch(variable_of(literal));
      }
    }
    if (!is_live_founding(clause)) return;
    for (const Literal literal : literals) {
      if (literal > 0 && is_element(variable_of(literal)) && needs_founding_[variable_of(literal)]) {
        touch(variable_of(literal));
      }
    }
    if (first == kNoVariable) return;
    for (const Literal literal : literals) {
      if (literal < 0 && is_element(variable_of(literal))) touch(variable_of(literal));
    }
  }

  [[nodiscard]] static Mask bit_of(const Part& part, Variable node) {
    const auto found = std::lower_bound(part.nodes.begin(), part.nodes.end(), node);
    if (found != part.nodes.end() && *found == node) return Mask{1} << (part.nodes.end() - found - 1);
    const auto pending = std::lower_bound(part.pending.begin(), part.pending.end(), node);
    if (pending == part.pending.end() || *pending != node) return 0;
    return Mask{1} << (part.nodes.size() + static_cast<std::size_t>(pending - part.pending.begin()));
  }

  void add_rules(const Clause& clause, std::map<Variable, Part>& parts) {
    const auto literals = problem_.literals_of(clause);
    std::vector<Variable> leaders;
    for (const Literal literal : literals) {
      const Variable variable = variable_of(literal);
      const bool is_of_a_part = is_node(variable) ? is_element(variable) : is_open(variable);
      if (is_of_a_part) leaders.push_back(leader(variable));
    }
    std::sort(leaders.begin(), leaders.end());
    leaders.erase(std::unique(leaders.begin(), leaders.end()), leaders.end());
    for (const Variable first : leaders) {
      const auto part = parts.find(first);
      if (part != parts.end()) add_rule(clause, part->second);
    }
  }

  void add_rule(const Clause& clause, Part& part) {
    const auto literals = problem_.literals_of(clause);
    if (clause.kind == ClauseKind::file) {
      if (!is_met(clause)) owners_[variable_of(literals.back())] |= bit_of(part, variable_of(literals.front()));
      return;
    }
    Part::Rule rule;
    bool is_inside = true;  // all that could lead there is decided or of this part
    for (const Literal literal : literals) {
      const Mask bit = bit_of(part, variable_of(literal));
      (literal > 0 ? rule.positive : rule.negative) |= bit;
      if (literal < 0 && bit == 0 && is_element(variable_of(literal))) is_inside = false;
    }
    if (is_inside && is_live_founding(clause) && rule.positive != 0) part.foundings.push_back(rule);
    if (is_met(clause)) return;
    const Mask open = (Mask{1} << part.nodes.size()) - 1;  // a decided node that is pending makes no literal true
    rule.positive &= open;
    rule.negative &= open;
    if (clause.soft == kHard) {
      part.hard.push_back(rule);
    } else {
      rule.cost = problem_.soft_costs[clause.soft];
      part.soft.push_back(rule);
    }
  }

  void add_files(Part& part) {
    for (const auto& [file, owners] : owners_) {
      if (leader(file) == leader(part.nodes.front())) part.files.push_back({owners, 0, problem_.costs[file]});
    }
  }

  static constexpr Variable kNoVariable = UINT32_MAX;
  const Problem& problem_;
  std::span<const std::int8_t> decided_;
  std::vector<Variable> leaders_;  // by Variable
  std::vector<bool> needs_founding_, is_pending_;
  std::map<Variable, Mask> owners_;  // of open files, as bits of their part
};

std::string set_text(const Part& part, Mask set) {
  std::string text;
  for (std::size_t i = 0; i < part.nodes.size(); ++i) {
    if ((set >> (part.nodes.size() - 1 - i) & 1) != 0) text += (text.empty() ? "" : " ") + variable_name(part.nodes[i]);
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace

PartCheck check_parts(const Problem& problem, std::span<const std::int8_t> decided, const std::vector<bool>& chosen) {
  PartCheck check;
  std::uint64_t steps = kMostPartSteps;
  for (const Part& part : PartFinder(problem, decided).find()) {
    Mask solution = 0;
    for (const Variable node : part.nodes) solution = solution << 1 | (chosen[node] ? 1 : 0);
    PartEnumeration enumeration(problem, part, solution, steps);
    if (!enumeration.run()) break;
    check.variables += static_cast<std::uint32_t>(part.nodes.size());
    ++check.parts;
    if (!enumeration.found()) continue;
    const Mask better = enumeration.better();
    const std::string instead =
        "with " + set_text(part, better & ~solution) + " in place of " + set_text(part, solution & ~better);
    const bool is_equal = enumeration.better_cost() == enumeration.solution_cost();
    const std::string reason = is_equal ? " it costs the same and comes first"
                                        : " their part costs " + print_cost(enumeration.better_cost()) + ", not " +
                                              print_cost(enumeration.solution_cost());
    check.faults.push_back({{}, "cannot accept the solution: " + instead + reason, {}});
  }
  return check;
}

}  // namespace winnow
