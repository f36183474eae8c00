// minimize() against every set of nodes, over random small problems with fixed seeds.
#include <gtest/gtest.h>

#include <random>

#include "resolve/minimize.hpp"
#include "support/random_problem.hpp"

namespace winnow {
namespace {

using testing::BruteForce;
using testing::RandomProblem;

constexpr unsigned kProblems = 1'000;

std::string text_of(const Problem& problem) {
  std::string text;
  for (const Clause& clause : problem.clauses) {
    text += std::string(to_string(clause.kind)) + ":";
    for (const Literal literal : problem.literals_of(clause)) text += " " + std::to_string(literal);
    if (clause.soft != kHard) {
      for (const auto level : problem.soft_costs[clause.soft].levels) text += " /" + std::to_string(level);
    }
    text += "\n";
  }
  for (std::size_t i = 0; i < problem.costs.size(); ++i) {
    text += std::to_string(i + 1) + ":";
    for (const auto level : problem.costs[i].levels) text += " " + std::to_string(level);
    text += "\n";
  }
  return text;
}

void expect_best(const Problem& problem, const std::optional<BruteForce::Best>& best, const Optimum& optimum) {
  if (!best) {
    EXPECT_EQ(optimum.verdict, Verdict::unsatisfiable) << text_of(problem);
    return;
  }
  ASSERT_EQ(optimum.verdict, Verdict::optimal) << text_of(problem);
  ASSERT_EQ(optimum.cost.levels, best->cost.levels) << text_of(problem);
  ASSERT_EQ(optimum.chosen, best->chosen) << text_of(problem);
  ASSERT_EQ(optimum.bound, optimum.cost);
}

Cost sum_of_cores(const Certificate& certificate) {
  Cost sum;
  for (const Core& core : certificate.cores) sum += core.weight;
  return sum;
}

TEST(MinimizeFuzz, EqualsBruteForce) {
  ComponentCache cache;
  unsigned solved = 0, unsatisfiable = 0;
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Problem problem = RandomProblem(seed).make();
    const auto best = BruteForce(problem).best();
    expect_best(problem, best, minimize(problem));
    expect_best(problem, best, minimize(problem, {.cache = &cache}));
    const Optimum proven = minimize(problem, {.prove = true});
    expect_best(problem, best, proven);
    if (HasFailure()) break;
    ++(best ? solved : unsatisfiable);
    if (!best) continue;
    ASSERT_TRUE(proven.certificate);
    EXPECT_EQ(proven.certificate->chosen, best->chosen);
    EXPECT_EQ(proven.certificate->cost, best->cost);
    EXPECT_EQ(proven.certificate->bound, best->cost);
    EXPECT_EQ(sum_of_cores(*proven.certificate), best->cost);
  }
  EXPECT_GT(solved, kProblems / 2);
  EXPECT_GT(unsatisfiable, kProblems / 20);
}

}  // namespace
}  // namespace winnow
