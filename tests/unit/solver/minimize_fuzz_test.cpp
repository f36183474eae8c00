// minimize() against every set of nodes, over random small problems with fixed seeds.
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "base/parallel.hpp"
#include "resolve/check_proof.hpp"
#include "resolve/minimize.hpp"
#include "support/random_problem.hpp"

namespace winnow {
namespace {

using testing::BruteForce;
using testing::RandomProblem;
using Best = std::optional<BruteForce::Best>;

constexpr unsigned kProblems = 3'000;

std::ostream& operator<<(std::ostream& out, const Cost& cost) {
  for (const std::int64_t level : cost.levels) out << ' ' << level;
  return out;
}

std::string text_of(const Problem& problem) {
  std::ostringstream out;
  for (const Clause& clause : problem.clauses) {
    out << to_string(clause.kind) << ':';
    for (const Literal literal : problem.literals_of(clause)) out << ' ' << literal;
    if (clause.soft != kHard) out << " /" << problem.soft_costs[clause.soft];
    out << '\n';
  }
  for (std::size_t i = 0; i < problem.costs.size(); ++i) out << i + 1 << ':' << problem.costs[i] << '\n';
  return out.str();
}

// The same problem with its clauses, and the literals in them, in another order.
Problem shuffled(const Problem& problem, unsigned seed) {
  std::mt19937 random(seed);
  Problem result{problem.costs, problem.nodes, problem.clauses, {}, problem.soft_costs};
  const auto shuffle = [&](auto& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random() % i]);
  };
  shuffle(result.clauses);
  for (Clause& clause : result.clauses) {
    const auto old = problem.literals_of(clause);
    std::vector<Literal> literals(old.begin(), old.end());
    if (clause.kind != ClauseKind::file) shuffle(literals);
    clause.first = static_cast<std::uint32_t>(result.literals.size());
    result.literals.insert(result.literals.end(), literals.begin(), literals.end());
  }
  return result;
}

// The same problem without one of its solutions.
Problem without(const Problem& problem, const std::vector<Variable>& chosen) {
  Problem result = problem;
  Clause clause{static_cast<std::uint32_t>(problem.literals.size()), static_cast<std::uint32_t>(problem.node_count()),
                ClauseKind::conflict, kNoSource, kHard};
  for (Variable node = 0; node < problem.node_count(); ++node) {
    const bool is_chosen = std::binary_search(chosen.begin(), chosen.end(), node);
    result.literals.push_back(is_chosen ? negative(node) : positive(node));
  }
  result.clauses.push_back(clause);
  return result;
}

// What is wrong with the answer; empty when nothing is.
std::string fault_of(const Problem& problem, const Best& best, const Optimum& optimum, const std::string& what) {
  std::ostringstream out;
  if (!best) {
    if (optimum.verdict != Verdict::unsatisfiable) out << what << " found a solution where there is none\n";
  } else if (optimum.verdict != Verdict::optimal) {
    out << what << " has verdict " << static_cast<int>(optimum.verdict) << '\n';
  } else if (optimum.cost != best->cost || optimum.bound != best->cost) {
    out << what << " costs" << optimum.cost << ", bound" << optimum.bound << ", best is" << best->cost << '\n';
  } else if (optimum.chosen != best->chosen) {
    out << what << " is not the first in canonical order\n";
  }
  return out.str().empty() ? "" : out.str() + text_of(problem);
}

std::string fault_of_proof(const Problem& problem, const Optimum& optimum) {
  if (optimum.verdict != Verdict::optimal) return "";
  if (!optimum.certificate) return "an optimum without its certificate\n";
  const Certificate& certificate = *optimum.certificate;
  Cost sum;
  for (const Core& core : certificate.cores) sum += core.weight;
  if (certificate.chosen != optimum.chosen || certificate.cost != optimum.cost || certificate.bound != optimum.cost ||
      sum != optimum.cost) {
    return "a certificate about something else\n" + text_of(problem);
  }
  const ProofCheck check = check_proof(problem, certificate);
  if (check.faults.empty()) return "";
  return "the checker refuses the certificate: " + check.faults.front().message + "\n" + text_of(problem);
}

struct Tally {
  std::string fault;
  bool has_solution = false, has_tie = false;
};

Tally try_problem(unsigned seed, ComponentCache& cache) {
  const Problem problem = RandomProblem(seed).make();
  const Best best = BruteForce(problem).best();
  Tally tally{fault_of(problem, best, minimize(problem), "fast mode"), best.has_value()};
  // Every third problem goes each of these ways; the whole would take too long without optimisation.
  if (seed % 3 == 1)
    tally.fault += fault_of(problem, best, minimize(shuffled(problem, seed), {.cache = &cache}), "a shuffled problem");
  if (seed % 3 == 2) {
    const Optimum proven = minimize(problem, {.prove = true});
    tally.fault += fault_of(problem, best, proven, "the mode with proof") + fault_of_proof(problem, proven);
  }
  if (!best || seed % 3 != 0) return tally;
  const Problem blocked = without(problem, best->chosen);
  const Best second = BruteForce(blocked).best();
  tally.fault += fault_of(blocked, second, minimize(blocked), "the second best");
  tally.has_tie = second && second->cost == best->cost;
  return tally;
}

TEST(MinimizeFuzz, EqualsBruteForce) {
  ComponentCache cache;
  std::vector<Tally> tallies(kProblems);
  parallel_for(kProblems, [&](std::size_t seed) { tallies[seed] = try_problem(static_cast<unsigned>(seed), cache); });
  unsigned solved = 0, ties = 0;
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    ASSERT_EQ(tallies[seed].fault, "") << "seed " << seed;
    solved += tallies[seed].has_solution ? 1U : 0U;
    ties += tallies[seed].has_tie ? 1U : 0U;
  }
  EXPECT_GT(solved, kProblems / 2);
  EXPECT_GT(kProblems - solved, kProblems / 20);
  EXPECT_GT(ties, 20U);  // several best sets: the canonical order decides
}

}  // namespace
}  // namespace winnow
