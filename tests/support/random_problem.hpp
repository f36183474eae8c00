// Small random Problems of every kind of clause, and their best solution by trying every set of nodes: the definition
// in problem.hpp word by word, nothing of the solver.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "resolve/problem.hpp"
#include "support/clause_appender.hpp"

namespace winnow::testing {

class RandomProblem {
 public:
  explicit RandomProblem(unsigned seed) : random_(seed) {}

  Problem make() {
    // Many small ones: the number of sets doubles with each node.
    nodes_ = static_cast<Variable>(5 + std::min(below(9), below(9)));
    for (Variable node = 0; node < nodes_; ++node) {
      problem_.nodes.push_back(node);
      problem_.costs.push_back(node_cost());
    }
    add_requests();
    for (Variable node = 0; node < nodes_; ++node) add_needs(node);
    add_conflicts();
    add_files();
    if (below(4) == 0) add_keep();
    return std::move(problem_);
  }

 private:
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }
  Variable any_node() { return below(nodes_); }

  Cost node_cost() {
    Cost cost;
    cost[CostLevel::bytes] = below(4);  // few sizes: many ties
    cost[CostLevel::count] = below(12) == 0 ? 0 : 1;
    if (below(10) == 0) cost[CostLevel::penalty] = 1;
    if (below(8) == 0) cost[CostLevel::age] = below(3);
    return cost;
  }

  void add(const std::vector<Literal>& literals, ClauseKind kind, const Cost& soft = {}) {
    append_clause(problem_, kind, literals, soft);
  }

  std::vector<Literal> targets(std::uint32_t most) {
    std::vector<Literal> literals;
    const std::uint32_t count = below(20) == 0 ? 0 : 1 + below(most);
    while (literals.size() < count) {
      const Literal literal = positive(any_node());
      if (std::find(literals.begin(), literals.end(), literal) == literals.end()) literals.push_back(literal);
      if (below(8) == 0) break;
    }
    return literals;
  }
  void add_preference(const std::vector<Literal>& by, const std::vector<Literal>& of) {
    if (of.size() < 2 || below(4) != 0) return;
    std::vector<Literal> literals = by;
    literals.push_back(of.front());
    add(literals, ClauseKind::prefer, Cost::of(CostLevel::bytes, 1 + below(4)));
  }

  void add_requests() {
    const std::uint32_t count = 1 + below(3);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::vector<Literal> literals = targets(3);
      const bool is_soft = below(4) == 0;
      if (literals.empty() && !is_soft && below(4) != 0) continue;
      add(literals, ClauseKind::request, is_soft ? Cost::of(CostLevel::penalty, 1) : Cost{});
      add_preference({}, literals);
    }
  }

  void add_needs(Variable node) {
    const std::uint32_t count = below(4);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::vector<Literal> of = targets(4);
      if (std::find(of.begin(), of.end(), positive(node)) != of.end()) continue;
      std::vector<Literal> literals{negative(node)};
      literals.insert(literals.end(), of.begin(), of.end());
      switch (below(8)) {
        case 0:
        case 1:
          add(literals, ClauseKind::gate);
          break;
        case 2:
          add(literals, ClauseKind::need, Cost::of(CostLevel::penalty, 1));
          break;
        case 3:
          add(literals, ClauseKind::need, Cost::of(CostLevel::wish, 1));
          break;
        default:
          add(literals, ClauseKind::need);
          add_preference({negative(node)}, of);
      }
    }
  }

  void add_conflicts() {
    for (std::uint32_t i = below(4); i > 0; --i) {
      const Variable a = any_node(), b = any_node();
      if (a != b) add({negative(a), negative(b)}, below(2) == 0 ? ClauseKind::conflict : ClauseKind::one_version);
    }
    if (below(8) == 0) add({negative(any_node())}, ClauseKind::forbidden);
  }

  void add_files() {
    for (std::uint32_t i = below(3); i > 0; --i) {
      const auto file = static_cast<Variable>(problem_.costs.size());
      problem_.costs.push_back(Cost::of(CostLevel::bytes, below(8)));
      const Variable first = below(nodes_ - 1);
      for (Variable node = first; node < nodes_; node += 1 + below(4))
        add({negative(node), positive(file)}, ClauseKind::file);
    }
  }

  void add_keep() {
    for (Variable node = 0; node < nodes_; ++node) {
      if (below(3) == 0) {
        add({positive(node)}, ClauseKind::keep, Cost::of(CostLevel::change, 1));
      } else if (below(2) == 0) {
        add({negative(node)}, ClauseKind::keep, Cost::of(CostLevel::change, 1));
      }
    }
  }

  std::mt19937 random_;
  Problem problem_;
  Variable nodes_ = 0;
};

// The best of all sets of nodes; none when no set is a solution. At most 20 nodes.
class BruteForce {
 public:
  struct Best {
    std::vector<Variable> chosen;
    Cost cost;
  };

  explicit BruteForce(const Problem& problem) : problem_(problem) {
    for (const Clause& clause : problem.clauses) {
      Row row{clause, 0, 0};
      for (const Literal literal : problem.literals_of(clause))
        (literal > 0 ? row.positive : row.negative) |= 1U << variable_of(literal);
      rows_.push_back(row);
      if (clause.soft == kHard && clause.kind != ClauseKind::file) hard_.push_back(row);
      if (clause.kind == ClauseKind::request || clause.kind == ClauseKind::need) founding_.push_back(row);
    }
  }

  std::optional<Best> best() const {
    std::optional<Best> best;
    std::uint32_t best_set = 0;
    for (std::uint32_t set = 0; set < (1U << problem_.node_count()); ++set) {
      if (!is_solution(set)) continue;
      const Cost cost = cost_of_set(set);
      // The smallest node in which they differ is the lowest bit of the difference.
      const std::uint32_t difference = set ^ best_set;
      const bool is_first = (set & (difference & (~difference + 1))) != 0;
      if (best && (cost > best->cost || (cost == best->cost && !is_first))) continue;
      best_set = set;
      best = Best{nodes_of(set), cost};
    }
    return best;
  }

 private:
  struct Row {
    Clause clause;
    std::uint32_t positive = 0, negative = 0;
  };

  [[nodiscard]] static bool is_met(const Row& row, std::uint32_t set) {
    return ((row.positive & set) | (row.negative & ~set)) != 0;
  }
  [[nodiscard]] bool is_solution(std::uint32_t set) const {
    // Pointers: this is called for every set, in builds without optimisation.
    for (const Row *row = hard_.data(), *end = row + hard_.size(); row != end; ++row) {
      if (((row->positive & set) | (row->negative & ~set)) == 0) return false;
    }
    std::uint32_t founded = 0;
    for (bool again = true; again;) {
      again = false;
      for (const Row *row = founding_.data(), *end = row + founding_.size(); row != end; ++row) {
        if ((row->negative & ~founded) != 0 || (row->positive & set & ~founded) == 0) continue;
        founded |= row->positive & set;
        again = true;
      }
    }
    return founded == set;
  }
  [[nodiscard]] Cost cost_of_set(std::uint32_t set) const {
    Cost cost;
    std::uint32_t with_files = set;
    for (const Row& row : rows_) {
      if (row.clause.kind == ClauseKind::file && (row.negative & set) != 0) with_files |= row.positive;
      if (row.clause.soft != kHard && !is_met(row, set)) cost += problem_.soft_costs[row.clause.soft];
    }
    for (Variable i = 0; i < problem_.costs.size(); ++i) {
      if ((with_files >> i & 1U) != 0) cost += problem_.costs[i];
    }
    return cost;
  }
  [[nodiscard]] static std::vector<Variable> nodes_of(std::uint32_t set) {
    std::vector<Variable> nodes;
    for (Variable i = 0; i < 32; ++i) {
      if ((set >> i & 1U) != 0) nodes.push_back(i);
    }
    return nodes;
  }

  const Problem& problem_;
  std::vector<Row> rows_, hard_, founding_;
};

}  // namespace winnow::testing
