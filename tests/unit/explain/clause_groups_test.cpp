// Clashes and repairs on random small universes, against every subset.
#include "resolve/explain/clause_groups.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "resolve/explain/clash.hpp"
#include "unit/explain/random_question.hpp"

namespace winnow {
namespace {

using namespace testing;

bool holds(const Problem& problem, const ClauseGroup& group, unsigned set) {
  if (group.founded) return !has(set, *group.founded) || has(founded_of(problem, set), *group.founded);
  return std::all_of(group.clauses.begin(), group.clauses.end(), [&](std::uint32_t index) {
    const auto literals = problem.literals_of(problem.clauses[index]);
    return std::any_of(literals.begin(), literals.end(),
                       [&](Literal literal) { return has(set, variable_of(literal)) == (literal > 0); });
  });
}

bool can_hold(const Problem& problem, const ClauseGroups& groups, const std::vector<GroupId>& on) {
  for (unsigned set = 0; set < 1U << problem.node_count(); ++set) {
    if (std::all_of(on.begin(), on.end(), [&](GroupId id) { return holds(problem, groups.groups()[id], set); })) {
      return true;
    }
  }
  return false;
}

TEST(ClauseGroups, ClashesAreSmallestByEverySubset) {
  RandomQuestion random(1);
  int clashes = 0;
  for (int round = 0; round < 600; ++round) {
    const auto [universe, goal] = random.make();
    const Problem problem = make_problem(universe, goal);
    ClauseGroups groups(universe, problem);
    const auto clash = groups.smallest_clash(groups.all());
    ASSERT_EQ(!clash, can_be(universe, goal)) << "round " << round;
    if (!clash) continue;
    ++clashes;
    ASSERT_FALSE(can_hold(problem, groups, *clash)) << "round " << round;
    for (std::size_t i = 0; i < clash->size(); ++i) {
      std::vector<GroupId> others = *clash;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      ASSERT_TRUE(can_hold(problem, groups, others)) << "round " << round << ", without " << (*clash)[i];
    }
  }
  EXPECT_GT(clashes, 100);
}

// All repairs of the smallest size, by trying every set of changes.
std::vector<std::string> repairs_by_trying(const Question& question) {
  std::vector<std::string> found;
  std::vector<NodeId> forbidden;
  for (const GoalForbidden& row : question.goal.forbidden) {
    if (std::find(forbidden.begin(), forbidden.end(), row.node) == forbidden.end()) forbidden.push_back(row.node);
  }
  const std::size_t items = question.goal.items.size();
  for (int size = 0; size <= 3 && found.empty(); ++size) {
    for (unsigned set = 0; set < 1U << (items + forbidden.size()); ++set) {
      if (__builtin_popcount(set) != size) continue;
      Goal goal = question.goal;
      Clash clash;
      clash.repairs.emplace_back();
      goal.items.clear();
      for (unsigned i = 0; i < items; ++i) {
        if (has(set, i)) {
          clash.repairs[0].drop.push_back(question.goal.items[i].what);
        } else {
          goal.items.push_back(question.goal.items[i]);
        }
      }
      for (unsigned i = 0; i < forbidden.size(); ++i) {
        if (!has(set, static_cast<Variable>(items) + i)) continue;
        clash.repairs[0].allow.push_back(question.universe.name_of(forbidden[i]));
        std::erase_if(goal.forbidden, [&](const GoalForbidden& row) { return row.node == forbidden[i]; });
      }
      if (can_be(question.universe, goal)) found.push_back(repair_text(clash));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST(Repairs, AreAllTheSmallestOnes) {
  RandomQuestion random(2);
  int with_repairs = 0;
  for (int round = 0; round < 400; ++round) {
    const Question question = random.make();
    const auto clash = find_clash(question.universe, question.goal);
    if (!clash) continue;
    std::vector<std::string> repairs;
    for (const Repair& repair : clash->repairs) repairs.push_back(repair_text(Clash{{}, {repair}, {}}));
    std::sort(repairs.begin(), repairs.end());
    ASSERT_EQ(repairs, repairs_by_trying(question)) << "round " << round;
    with_repairs += repairs.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(with_repairs, 40);
}

}  // namespace
}  // namespace winnow
