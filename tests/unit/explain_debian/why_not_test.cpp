// Why-not on real metadata: the Debian index of this machine, 100 random questions that cannot be.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "resolve/explain/clash.hpp"
#include "resolve/explain/clause_groups.hpp"
#include "solvers/debian_universe.hpp"

namespace winnow {
namespace {

constexpr std::size_t kQuestions = 100;

class RandomConflicts {
 public:
  explicit RandomConflicts(const Universe& universe) : universe_(universe), needed_by_(universe.nodes().size()) {
    for (NodeId node = 0; node < universe.nodes().size(); ++node) {
      for (const UniverseNeed& need : universe.needs_of(node)) {
        if (need.kind != NeedKind::dependency || need.target_count != 1) continue;
        needed_by_[universe.targets_of(need).front()].push_back(node);
      }
      if (universe.nodes()[node].conflict_count > 0) with_conflicts_.push_back(node);
    }
  }

  // Two packages whose needs lead to the two sides of a conflict, up to three steps away.
  std::pair<std::string, std::string> next() {
    const NodeId one = with_conflicts_[below(with_conflicts_.size())];
    const auto conflicts = universe_.conflicts_of(one);
    const NodeId other = conflicts[below(conflicts.size())].other;
    return {name(climb(one)), name(climb(other))};
  }

 private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_()) % limit; }
  NodeId climb(NodeId node) {
    for (std::size_t steps = below(4); steps > 0 && !needed_by_[node].empty(); --steps) {
      node = needed_by_[node][below(needed_by_[node].size())];
    }
    return node;
  }
  [[nodiscard]] std::string name(NodeId node) const {
    return std::string(universe_.text(universe_.nodes()[node].name));
  }

  const Universe& universe_;
  std::vector<std::vector<NodeId>> needed_by_;
  std::vector<NodeId> with_conflicts_;
  std::mt19937 random_{7};
};

// Can the goal be when one group of the clash is not there? For each group of the clash.
bool is_smallest(ClauseGroups& groups, const std::vector<GroupId>& clash) {
  return std::all_of(clash.begin(), clash.end(), [&](GroupId id) {
    std::vector<GroupId> others = clash;
    std::erase(others, id);
    return !groups.refute(others);
  });
}

TEST(WhyNotOnDebian, HasFiveLinesAtTheMedian) {
  const auto index = testing::read_debian_index();
  if (!index) {
    const char* required = std::getenv("WINNOW_TEST_PREREQUISITES");
    ASSERT_TRUE(required == nullptr || std::string(required) != "required") << "apt has no index of packages";
    GTEST_SKIP() << "apt has no index of packages";
  }
  const testing::DebianUniverse debian = testing::make_debian_universe(*index);
  const Universe& universe = debian.universe;
  RandomConflicts conflicts(universe);
  std::vector<std::size_t> lines;
  std::size_t with_repairs = 0;
  for (int tries = 0; lines.size() < kQuestions && tries < 1000; ++tries) {
    const auto [requested, asked] = conflicts.next();
    if (requested == asked) continue;
    const Goal goal = testing::make_debian_goal(universe, {requested, asked});
    const Problem problem = make_problem(universe, goal);
    ClauseGroups groups(universe, problem);
    const auto clash = find_clash(universe, goal, problem, groups, {1, 0});
    if (!clash) continue;
    ASSERT_TRUE(is_smallest(groups, clash->groups)) << requested << ", " << asked;
    std::string text;
    for (const std::string& line : reason_lines(*clash)) text += "  " + line + "\n";
    lines.push_back(reason_lines(*clash).size() + 2);  // with "… cannot be in …" and "what would help: …"
    if (!clash->repairs.empty()) ++with_repairs;
    if (lines.size() <= 3 || lines.back() > 12) {
      std::printf("%s cannot be with %s\n%swhat would help: %s\n", asked.c_str(), requested.c_str(), text.c_str(),
                  repair_text(*clash).c_str());
    }
  }
  ASSERT_EQ(lines.size(), kQuestions);
  std::sort(lines.begin(), lines.end());
  std::printf("lines of an answer: median %zu, nine of ten at most %zu, most %zu; %zu of %zu with a repair\n",
              lines[kQuestions / 2], lines[kQuestions * 9 / 10], lines.back(), with_repairs, kQuestions);
  EXPECT_LE(lines[kQuestions / 2], 5u);
}

}  // namespace
}  // namespace winnow
