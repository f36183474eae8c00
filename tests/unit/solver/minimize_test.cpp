// What minimize() decides on problems that a person can follow.
#include "resolve/minimize.hpp"

#include <gtest/gtest.h>

#include "support/clause_appender.hpp"

namespace winnow {
namespace {

// Problems by hand: nodes are numbered from 1, as literals are.
class Maker {
 public:
  explicit Maker(const std::vector<std::int64_t>& bytes) {
    for (const std::int64_t size : bytes) {
      problem_.nodes.push_back(static_cast<NodeId>(problem_.nodes.size()));
      Cost cost = Cost::of(CostLevel::bytes, size);
      cost[CostLevel::count] = 1;
      problem_.costs.push_back(cost);
    }
  }
  Maker& add(ClauseKind kind, const std::vector<Literal>& literals, const Cost& soft = {}) {
    testing::append_clause(problem_, kind, literals, soft);
    return *this;
  }
  Maker& file(std::int64_t bytes, const std::vector<Literal>& owners) {
    problem_.costs.push_back(Cost::of(CostLevel::bytes, bytes));
    const auto file = static_cast<Literal>(problem_.costs.size());
    for (const Literal owner : owners) add(ClauseKind::file, {-owner, file});
    return *this;
  }
  [[nodiscard]] const Problem& problem() const { return problem_; }

 private:
  Problem problem_;
};

std::vector<Variable> chosen_of(const Maker& maker, bool prove = false) {
  const Optimum optimum = minimize(maker.problem(), {.prove = prove});
  EXPECT_EQ(optimum.verdict, Verdict::optimal);
  return optimum.chosen;
}

TEST(Minimize, NothingIsAskedFor) {
  const Optimum optimum = minimize(Maker({10, 20}).problem());
  EXPECT_EQ(optimum.verdict, Verdict::optimal);
  EXPECT_TRUE(optimum.chosen.empty());
  EXPECT_TRUE(optimum.cost.is_zero());
}

TEST(Minimize, TheSmallerProviderWithAllItNeeds) {
  // 1 is small and needs 3; 2 is larger and needs nothing.
  const Maker maker = Maker({10, 50, 45}).add(ClauseKind::request, {1, 2}).add(ClauseKind::need, {-1, 3});
  EXPECT_EQ(chosen_of(maker), std::vector<Variable>{1});
}

TEST(Minimize, AFileOfTwoOwnersCountsOnce) {
  const Maker maker =
      Maker({10, 10, 25}).add(ClauseKind::request, {1}).add(ClauseKind::request, {2, 3}).file(100, {1, 2});
  EXPECT_EQ(chosen_of(maker), (std::vector<Variable>{0, 1}));
}

TEST(Minimize, AGatePullsNothingIn) {
  const Maker alone = Maker({10, 10}).add(ClauseKind::request, {1}).add(ClauseKind::gate, {-1, 2});
  EXPECT_EQ(minimize(alone.problem()).verdict, Verdict::unsatisfiable);
  Maker asked = alone;
  asked.add(ClauseKind::request, {2});
  EXPECT_EQ(chosen_of(asked), (std::vector<Variable>{0, 1}));
}

TEST(Minimize, TwoThatNeedEachOtherDoNotOpenAGate) {
  // 2 and 3 need each other; only a request of 4, which needs 3, brings them in.
  const Maker maker = Maker({10, 10, 10, 500, 20})
                          .add(ClauseKind::request, {1})
                          .add(ClauseKind::request, {4, 5})
                          .add(ClauseKind::gate, {-1, 2})
                          .add(ClauseKind::need, {-2, 3})
                          .add(ClauseKind::need, {-3, 2})
                          .add(ClauseKind::need, {-4, 3});
  for (const bool prove : {false, true}) EXPECT_EQ(chosen_of(maker, prove), (std::vector<Variable>{0, 1, 2, 3}));
}

TEST(Minimize, EqualCostsAreDecidedByTheOrderOfNodes) {
  const Maker maker = Maker({10, 10, 10, 10}).add(ClauseKind::request, {4, 2}).add(ClauseKind::request, {3, 1});
  for (const bool prove : {false, true}) EXPECT_EQ(chosen_of(maker, prove), (std::vector<Variable>{0, 1}));
}

TEST(Minimize, APenaltyOutweighsAnyBytes) {
  Maker maker = Maker({10, 1'000'000'000'000});
  maker.add(ClauseKind::request, {1}).add(ClauseKind::need, {-1, 2}, Cost::of(CostLevel::penalty, 1));
  EXPECT_EQ(chosen_of(maker), (std::vector<Variable>{0, 1}));
  Maker wish = Maker({10, 1});
  wish.add(ClauseKind::request, {1}).add(ClauseKind::need, {-1, 2}, Cost::of(CostLevel::wish, 1));
  EXPECT_EQ(chosen_of(wish), std::vector<Variable>{0});
}

TEST(Minimize, ADefaultStaysBelowItsThreshold) {
  const auto with_threshold = [](std::int64_t bytes) {
    Maker maker({100, 60});
    maker.add(ClauseKind::request, {1, 2}).add(ClauseKind::prefer, {1}, Cost::of(CostLevel::bytes, bytes - 1));
    return chosen_of(maker);
  };
  EXPECT_EQ(with_threshold(41), std::vector<Variable>{0});
  EXPECT_EQ(with_threshold(40), std::vector<Variable>{1});
}

TEST(Minimize, EqualPartsComeFromTheCache) {
  Maker maker({10, 20, 30, 40});
  maker.add(ClauseKind::request, {1, 2}).add(ClauseKind::request, {1, 3}).add(ClauseKind::request, {2, 4});
  ComponentCache cache;
  const Optimum first = minimize(maker.problem(), {.cache = &cache});
  const Optimum second = minimize(maker.problem(), {.cache = &cache});
  EXPECT_EQ(first.stats.parts_from_cache, 0U);
  EXPECT_EQ(second.stats.parts_from_cache, 1U);
  EXPECT_EQ(second.chosen, first.chosen);
  EXPECT_EQ(second.stats.cores, first.stats.cores);
}

}  // namespace
}  // namespace winnow
