// Random small universes with a goal, and whether it can be, by every subset of nodes.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "resolve/problem.hpp"
#include "resolve/universe_builder.hpp"

namespace winnow::testing {

struct Question {
  Universe universe;
  Goal goal;
};

class RandomQuestion {
 public:
  explicit RandomQuestion(unsigned seed) : random_(seed) {}

  Question make() {
    UniverseBuilder builder;
    const unsigned count = 4 + below(5);
    for (unsigned i = 0; i < count; ++i) {
      NewNode node;
      node.name = std::string(1, static_cast<char>('a' + i / (1 + below(2))));
      node.version = std::to_string(i);
      const std::uint64_t bytes = 4096 * (1 + below(4));
      node.bytes = {bytes, bytes, bytes};
      builder.add_node(node);
    }
    for (NodeId node = 0; node < count; ++node) {
      for (unsigned i = below(3); i > 0; --i) {
        NewNeed need;
        need.kind = below(4) == 0 ? NeedKind::gate : NeedKind::dependency;
        need.any_of = some(count, below(4));
        builder.add_need(node, need);
      }
      if (below(3) == 0) builder.add_conflict(node, below(count), "conflicts");
    }
    Question question{std::move(builder).build(), {}};
    Goal& goal = question.goal;
    for (unsigned i = 1 + below(3); i > 0; --i) {
      goal.items.push_back({some(count, 1 + below(2)), "app", "asks", "item " + std::to_string(i), {}, false});
    }
    for (unsigned i = below(3); i > 0; --i) goal.forbidden.push_back({below(count), "is excluded", {}});
    return question;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_()) % limit; }
  std::vector<NodeId> some(unsigned count, unsigned how_many) {
    std::vector<NodeId> nodes;
    for (; how_many > 0; --how_many) nodes.push_back(below(count));
    return nodes;
  }

  std::mt19937 random_;
};

inline bool has(unsigned set, Variable variable) { return (set >> variable & 1) != 0; }

// The nodes of `set` that a chain from a request leads to.
inline unsigned founded_of(const Problem& problem, unsigned set) {
  unsigned founded = 0;
  for (unsigned before = ~0U; before != founded;) {
    before = founded;
    for (const Clause& clause : problem.clauses) {
      if (clause.kind != ClauseKind::request && clause.kind != ClauseKind::need) continue;
      const auto literals = problem.literals_of(clause);
      const bool asks = clause.kind == ClauseKind::request || has(founded, variable_of(literals.front()));
      for (const Literal literal : literals) {
        if (asks && literal > 0 && has(set, variable_of(literal))) founded |= 1U << variable_of(literal);
      }
    }
  }
  return founded;
}

inline bool can_be(const Universe& universe, const Goal& goal) {
  const Problem problem = make_problem(universe, goal);
  for (unsigned set = 0; set < 1U << problem.node_count(); ++set) {
    if (founded_of(problem, set) != set) continue;
    const bool is_model = std::all_of(problem.clauses.begin(), problem.clauses.end(), [&](const Clause& clause) {
      const auto literals = problem.literals_of(clause);
      return clause.soft != kHard || clause.kind == ClauseKind::file ||
             std::any_of(literals.begin(), literals.end(),
                         [&](Literal literal) { return has(set, variable_of(literal)) == (literal > 0); });
    });
    if (is_model) return true;
  }
  return false;
}

}  // namespace winnow::testing
