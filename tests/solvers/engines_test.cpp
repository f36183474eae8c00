// The least bytes that minimize() proves are what other people's solvers prove, on real and synthetic questions.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "resolve/check_proof.hpp"
#include "resolve/minimize.hpp"
#include "resolve/proof/problem_text.hpp"
#include "solvers/debian_universe.hpp"
#include "solvers/foreign_solvers.hpp"
#include "solvers/synthetic_universe.hpp"
#include "support/random_problem.hpp"
#include "support/small_universe.hpp"

namespace winnow::testing {
namespace {

constexpr int kSeconds = 20;  // for another solver; none of the questions takes one

std::string faults_of(const ProofCheck& check) { return check.faults.empty() ? "" : to_string(Error(check.faults)); }

// Solvers that are here; those that are not are named, and must be there when the tests demand it.
std::vector<ForeignSolver> installed() {
  const char* required = std::getenv("WINNOW_TEST_PREREQUISITES");
  std::vector<ForeignSolver> solvers;
  for (const ForeignSolver& solver : foreign_solvers()) {
    if (solver.is_installed()) {
      solvers.push_back(solver);
      continue;
    }
    std::cout << "skipped: " << solver.program << " is not installed\n";
    EXPECT_FALSE(required != nullptr && std::string(required) == "required") << solver.program << " is not installed";
  }
  return solvers;
}

void expect_equal(const std::string& question, const Problem& problem, const Optimum& optimum) {
  std::cout << question << ": " << optimum.chosen.size() << " nodes, " << optimum.cost[CostLevel::bytes] << " bytes;";
  for (const ForeignSolver& solver : installed()) {
    const auto answer = solver.solve(problem, kSeconds);
    if (!answer) continue;
    std::cout << " " << solver.name;
    EXPECT_EQ(answer->is_satisfiable, optimum.verdict == Verdict::optimal) << question << ", " << solver.name;
    EXPECT_EQ(answer->bytes, optimum.cost[CostLevel::bytes]) << question << ", " << solver.name;
  }
  std::cout << " agree\n";
}

// Proven, checked, checked again by who has nothing but texts, and equal to the others'.
void judge(const std::string& question, const Universe& universe, const Goal& goal) {
  const Problem problem = make_problem(universe, goal);
  const Optimum optimum = minimize(problem, {.prove = true});
  ASSERT_EQ(optimum.verdict, Verdict::optimal) << question;
  EXPECT_EQ(minimize(problem).chosen, optimum.chosen) << question;
  ASSERT_TRUE(optimum.certificate);
  EXPECT_EQ(faults_of(check_proof(problem, *optimum.certificate)), "") << question;
  const auto read = parse_problem(print_problem(universe, goal, problem), "problem");
  ASSERT_TRUE(read) << to_string(read.error());
  const auto certificate =
      parse_certificate(print_certificate(universe, goal, problem, *optimum.certificate), "proof", *read);
  ASSERT_TRUE(certificate) << to_string(certificate.error());
  EXPECT_EQ(*certificate, *optimum.certificate);
  expect_equal(question, problem, optimum);
}

TEST(Engines, AgreeOnRequestsToDebian) {
  const auto index = read_debian_index();
  if (!index) GTEST_SKIP() << "this machine has no Debian package index";
  const std::vector<std::string> requests = {"nginx", "libreoffice", "gnome"};
  const DebianUniverse debian = make_debian_universe_for(*index, requests);
  for (const std::string& name : requests) {
    if (debian.universe.nodes_named(name).empty()) {
      std::cout << "skipped: the index has no " << name << '\n';
      continue;
    }
    std::vector<std::string> names = {name};
    names.insert(names.end(), debian.required.begin(), debian.required.end());
    judge(name, debian.universe, make_debian_goal(debian.universe, names));
  }
}

TEST(Engines, AgreeOnSyntheticUniverses) {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    const auto made = make_synthetic_universe({1000, 100, 60, seed});
    judge("1,000 components, seed " + std::to_string(seed), made.universe, made.goal);
  }
  const auto cover = make_cover(40, 45, 1);
  judge("cover of 40 by 45", cover.universe, cover.goal);
}

// Gates, cycles, shared files, soft clauses: what the dumps say of them is what minimize() means by them.
TEST(Engines, AgreeOnRandomProblemsWithEveryKindOfClause) {
  int solved = 0, unsatisfiable = 0;
  for (unsigned seed = 1000; seed < 1040; ++seed) {
    Problem problem = RandomProblem(seed).make();
    for (Cost& cost : problem.costs) cost = Cost::of(CostLevel::bytes, cost[CostLevel::bytes] + 1);
    for (Cost& cost : problem.soft_costs) cost = Cost::of(CostLevel::bytes, cost[CostLevel::bytes] + 1);
    const Optimum optimum = minimize(problem);
    ++(optimum.verdict == Verdict::optimal ? solved : unsatisfiable);
    for (const ForeignSolver& solver : installed()) {
      const auto answer = solver.solve(problem, kSeconds);
      if (!answer) continue;
      EXPECT_EQ(answer->is_satisfiable, optimum.verdict == Verdict::optimal) << "seed " << seed << ", " << solver.name;
      EXPECT_EQ(answer->bytes, optimum.cost[CostLevel::bytes]) << "seed " << seed << ", " << solver.name;
    }
  }
  EXPECT_GT(solved, 20);
  EXPECT_GT(unsatisfiable, 0);
}

}  // namespace
}  // namespace winnow::testing
