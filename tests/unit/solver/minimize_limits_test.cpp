// What minimize() says when it cannot finish: the best, a bound below it, and never that it is the least.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <random>
#include <thread>

#include "base/interrupt.hpp"
#include "resolve/minimize.hpp"
#include "resolve/solver/milp.hpp"

namespace winnow {
namespace {

// `requests` demands, each met by 3 of `providers` nodes of about the same size: no solver finds it easy. With few
// `sizes`, many solutions are equally good.
Problem cover(std::uint32_t requests, std::uint32_t providers, unsigned seed, std::uint32_t sizes = 200) {
  std::mt19937 random(seed);
  Problem problem;
  for (Variable node = 0; node < providers; ++node) {
    Cost cost = Cost::of(CostLevel::bytes, static_cast<std::int64_t>(4096 * (100 + random() % sizes)));
    cost[CostLevel::count] = 1;
    problem.costs.push_back(cost);
    problem.nodes.push_back(node);
  }
  for (std::uint32_t i = 0; i < requests; ++i) {
    problem.clauses.push_back({static_cast<std::uint32_t>(problem.literals.size()), 3, ClauseKind::request, i, kHard});
    for (int k = 0; k < 3; ++k) problem.literals.push_back(positive(static_cast<Variable>(random() % providers)));
  }
  return problem;
}

bool satisfies(const Problem& problem, const std::vector<Variable>& chosen) {
  for (const Clause& clause : problem.clauses) {
    bool is_met = false;
    for (const Literal literal : problem.literals_of(clause))
      is_met = is_met || std::binary_search(chosen.begin(), chosen.end(), variable_of(literal));
    if (!is_met) return false;
  }
  return true;
}

void expect_gap(const Problem& problem, const Optimum& optimum) {
  EXPECT_EQ(optimum.verdict, Verdict::feasible);
  EXPECT_TRUE(satisfies(problem, optimum.chosen));
  EXPECT_EQ(optimum.cost, cost_of(problem, optimum.chosen));
  EXPECT_LT(optimum.bound, optimum.cost);
  EXPECT_GT(optimum.bound[CostLevel::bytes], optimum.cost[CostLevel::bytes] / 3);
  EXPECT_FALSE(optimum.certificate);
}

TEST(MinimizeLimits, AnEntangledCoverHasABestAndABound) {
  const Problem problem = cover(800, 500, 1);
  const Optimum optimum = minimize(problem, {.conflicts = 500, .second_engine = false});
  expect_gap(problem, optimum);
  EXPECT_LE(optimum.stats.conflicts, 600U);
  EXPECT_EQ(optimum.stats.engine, "oll");
  const Optimum again = minimize(problem, {.conflicts = 500, .second_engine = false});
  EXPECT_EQ(again.chosen, optimum.chosen);
  EXPECT_EQ(again.bound, optimum.bound);
}

TEST(MinimizeLimits, SoDoesTheModeWithProof) {
  const Problem problem = cover(800, 500, 2);
  expect_gap(problem, minimize(problem, {.prove = true, .conflicts = 500}));
}

TEST(MinimizeLimits, TheSecondEngineRaisesTheBound) {
  if (!has_milp()) GTEST_SKIP() << "winnow was built without CBC";
  const Problem problem = cover(150, 110, 3);
  const Optimum alone = minimize(problem, {.conflicts = 100, .second_engine = false});
  expect_gap(problem, alone);
  ComponentCache cache;
  const Optimum both = minimize(problem, {.conflicts = 100, .cache = &cache});
  EXPECT_EQ(both.stats.engine, "oll+cbc");
  EXPECT_GT(both.bound, alone.bound);
  EXPECT_TRUE(satisfies(problem, both.chosen));
  EXPECT_LE(both.bound, both.cost);
  const Optimum cached = minimize(problem, {.conflicts = 100, .cache = &cache});
  EXPECT_EQ(cached.chosen, both.chosen);
  EXPECT_EQ(cached.bound, both.bound);
}

TEST(MinimizeLimits, TheSecondEngineFindsTheSameOptimum) {
  if (!has_milp()) GTEST_SKIP() << "winnow was built without CBC";
  unsigned solved_by_both = 0;
  for (unsigned seed = 0; seed < 6; ++seed) {
    const Problem problem = cover(50, 40, seed, 3);
    const Optimum cores = minimize(problem, {.second_engine = false});
    ASSERT_EQ(cores.verdict, Verdict::optimal);
    const Optimum both = minimize(problem, {.conflicts = 100});
    EXPECT_EQ(both.cost, cores.cost) << "seed " << seed;
    if (both.verdict != Verdict::optimal || both.stats.engine != "oll+cbc") continue;
    EXPECT_EQ(both.chosen, cores.chosen) << "seed " << seed;
    ++solved_by_both;
  }
  EXPECT_GT(solved_by_both, 2U);
}

TEST(MinimizeLimits, AnInterruptEndsTheSearch) {
  const auto interrupted_search = [] {
    catch_interrupts();
    std::jthread other([] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      ::raise(SIGINT);
    });
    const Optimum optimum = minimize(cover(800, 500, 1), {.conflicts = 1'000'000'000, .second_engine = false});
    ::_exit(optimum.verdict == Verdict::interrupted && optimum.chosen.empty() ? 0 : 1);
  };
  EXPECT_EXIT(interrupted_search(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace winnow
