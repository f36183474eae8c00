// What the solver proves the checker accepts; and whatever is done to a proof, the checker accepts it for the best
// solution only. Random small problems with fixed seeds, their best solution by trying every set.
#include <gtest/gtest.h>

#include <random>

#include "resolve/check_proof.hpp"
#include "resolve/minimize.hpp"
#include "support/random_problem.hpp"

namespace winnow {
namespace {

using testing::BruteForce;
using testing::RandomProblem;

constexpr unsigned kProblems = 250;
constexpr unsigned kMutationsOfEach = 10;

std::string faults_of(const ProofCheck& check) { return check.faults.empty() ? "" : to_string(Error(check.faults)); }

// Does something wrong to a certificate, and makes its sums right again where that hides it.
class Forger {
 public:
  Forger(const Problem& problem, unsigned seed) : problem_(problem), random_(seed) {}

  [[nodiscard]] Certificate forge(Certificate certificate) {
    for (std::uint32_t i = 1 + below(3); i > 0; --i) spoil(certificate);
    if (below(2) == 0) certificate.cost = cost_of(problem_, certificate.chosen);
    if (below(2) == 0) {
      certificate.bound = Cost{};
      for (const Core& core : certificate.cores) certificate.bound += core.weight;
    }
    return certificate;
  }

 private:
  std::uint32_t below(std::size_t limit) {
    return limit == 0 ? 0 : static_cast<std::uint32_t>(random_() % static_cast<std::uint32_t>(limit));
  }

  void flip_node(std::vector<Variable>& chosen) {
    const Variable node = below(problem_.node_count());
    const auto place = std::lower_bound(chosen.begin(), chosen.end(), node);
    if (place != chosen.end() && *place == node) {
      chosen.erase(place);
    } else {
      chosen.insert(place, node);
    }
  }

  [[nodiscard]] CoreLiteral any_literal(const Certificate& certificate) {
    switch (below(3)) {
      case 0:
        return {CoreLiteral::Kind::variable, below(problem_.costs.size()), 0};
      case 1:
        return {CoreLiteral::Kind::soft_clause, below(problem_.clauses.size()), 0};
      default:
        return {CoreLiteral::Kind::count, below(certificate.cores.size()), below(4)};
    }
  }

  void spoil(Certificate& certificate) {
    std::vector<Core>& cores = certificate.cores;
    const std::uint32_t core = below(cores.size());
    switch (cores.empty() ? 0 : below(8)) {
      case 0:
        return flip_node(certificate.chosen);
      case 1:
        cores.erase(cores.begin() + core);
        return;
      case 2:
        cores.insert(cores.begin() + core, cores[core]);
        return;
      case 3:
        cores[core].weight[static_cast<CostLevel>(below(kCostLevels))] += below(2) == 0 ? 1 : -1;
        return;
      case 4:
        if (!cores[core].literals.empty()) cores[core].literals.erase(cores[core].literals.begin());
        return;
      case 5:
        cores[core].literals.push_back(any_literal(certificate));
        return;
      case 6:
        if (!certificate.loops.empty() && !certificate.loops.front().supports.empty()) {
          certificate.loops.front().supports.pop_back();
        }
        return;
      default:
        std::swap(cores[core], cores[below(cores.size())]);
    }
  }

  const Problem& problem_;
  std::mt19937 random_;
};

TEST(RandomProof, OfTheSolverIsAccepted) {
  unsigned proven = 0, loops = 0, counts = 0;
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const Problem problem = RandomProblem(seed).make();
    const Optimum optimum = minimize(problem, {.prove = true});
    if (optimum.verdict != Verdict::optimal) continue;
    ASSERT_TRUE(optimum.certificate);
    const ProofCheck check = check_proof(problem, *optimum.certificate);
    ASSERT_EQ(faults_of(check), "") << "seed " << seed;
    EXPECT_EQ(check.cores_proved, optimum.certificate->cores.size());
    ++proven;
    loops += optimum.certificate->loops.empty() ? 0U : 1U;
    for (const Core& core : optimum.certificate->cores) {
      for (const CoreLiteral& literal : core.literals) counts += literal.kind == CoreLiteral::Kind::count ? 1U : 0U;
    }
  }
  EXPECT_GT(proven, kProblems / 2);
  EXPECT_GT(loops, 5u) << "proofs that need foundedness";
  EXPECT_GT(counts, 5u) << "cores that count an earlier one";
}

TEST(RandomProof, ThatIsForgedIsAcceptedForTheBestSolutionOnly) {
  unsigned refused = 0, accepted = 0;
  for (unsigned seed = 0; seed < kProblems; ++seed) {
    const Problem problem = RandomProblem(seed).make();
    const auto best = BruteForce(problem).best();
    const Optimum optimum = minimize(problem, {.prove = true});
    if (!best || !optimum.certificate) continue;
    Forger forger(problem, seed);
    for (unsigned i = 0; i < kMutationsOfEach; ++i) {
      const Certificate forged = forger.forge(*optimum.certificate);
      const bool is_accepted = check_proof(problem, forged).faults.empty();
      if (is_accepted) {
        ASSERT_EQ(forged.chosen, best->chosen) << "seed " << seed << ", mutation " << i;
      }
      ++(is_accepted ? accepted : refused);
    }
  }
  EXPECT_GT(refused, 5 * accepted);
  EXPECT_GT(accepted, 100u) << "some forgeries change nothing that matters";
}

}  // namespace
}  // namespace winnow
