#include "resolve/solver/milp.hpp"

#ifdef WINNOW_HAS_CBC

#include <algorithm>
#include <cmath>
#include <coin/CbcEventHandler.hpp>
#include <coin/CbcHeuristic.hpp>
#include <coin/CbcHeuristicFPump.hpp>
#include <coin/CbcModel.hpp>
#include <coin/CglClique.hpp>
#include <coin/CglGomory.hpp>
#include <coin/CglKnapsackCover.hpp>
#include <coin/CglMixedIntegerRounding2.hpp>
#include <coin/CglProbing.hpp>
#include <coin/CoinPackedMatrix.hpp>
#include <coin/OsiClpSolverInterface.hpp>
#include <mutex>
#include <numeric>
#include <optional>

#include "base/interrupt.hpp"
#include "resolve/solver/founding.hpp"
#include "resolve/solver/packed_cost.hpp"

namespace winnow {

namespace {

// Sums below this are exact in CBC's doubles, with room for its tolerances.
constexpr std::int64_t kLargestSum = std::int64_t{1} << 38;
constexpr double kRelativeDoubt = 1e-9;
constexpr double kDoubt = 1e-3;
constexpr int kRootPasses = 15;

class StopOnInterrupt : public CbcEventHandler {
 public:
  CbcAction event(CbcEvent /*which*/) override { return interrupted() ? stop : noAction; }
  [[nodiscard]] CbcEventHandler* clone() const override { return new StopOnInterrupt(*this); }
};

// One column for each variable, one row for each clause: the sum of its true literals is at least 1.
void load(const Part& part, const PackedCost& packing, OsiClpSolverInterface& solver) {
  const auto columns = static_cast<int>(part.costs.size());
  CoinPackedMatrix matrix(false, 0, 0);
  matrix.setDimensions(0, columns);
  std::vector<double> least;
  for (std::size_t i = 0; i < part.clause_count(); ++i) {
    std::vector<int> indexes;
    std::vector<double> values;
    double bound = 1;
    for (const Literal literal : part.clause(i)) {
      indexes.push_back(static_cast<int>(variable_of(literal)));
      values.push_back(literal > 0 ? 1 : -1);
      if (literal < 0) bound -= 1;
    }
    matrix.appendRow(static_cast<int>(indexes.size()), indexes.data(), values.data());
    least.push_back(bound);
  }
  const std::vector<double> zeros(part.costs.size(), 0), ones(part.costs.size(), 1);
  const std::vector<double> most(part.clause_count(), solver.getInfinity());
  std::vector<double> objective;
  for (const Cost& cost : part.costs) objective.push_back(static_cast<double>(packing.pack(cost)));
  solver.loadProblem(matrix, zeros.data(), ones.data(), objective.data(), least.data(), most.data());
  for (int i = 0; i < columns; ++i) solver.setInteger(i);
}

void add_cuts(CbcModel& model) {
  CglProbing probing;
  probing.setMaxPass(1);
  probing.setMaxProbe(10);
  probing.setMaxLook(10);
  CglGomory gomory;
  CglKnapsackCover knapsack;
  CglClique clique;
  clique.setStarCliqueReport(false);
  clique.setRowCliqueReport(false);
  CglMixedIntegerRounding2 rounding;
  constexpr int kWhenUseful = -98;
  model.addCutGenerator(&probing, kWhenUseful, "probing");
  model.addCutGenerator(&gomory, kWhenUseful, "gomory");
  model.addCutGenerator(&knapsack, kWhenUseful, "knapsack");
  model.addCutGenerator(&clique, kWhenUseful, "clique");
  model.addCutGenerator(&rounding, kWhenUseful, "rounding");
}

// The model, if it is one: exact, whatever the doubles said.
std::optional<Model> rounded(const Part& part, const double* values) {
  if (values == nullptr) return std::nullopt;
  Model model(part.costs.size());
  for (std::size_t i = 0; i < model.size(); ++i) model[i] = values[i] > 0.5;
  for (std::size_t i = 0; i < part.clause_count(); ++i) {
    const auto clause = part.clause(i);
    const bool is_met = std::any_of(clause.begin(), clause.end(),
                                    [&](Literal literal) { return model[variable_of(literal)] == (literal > 0); });
    if (!is_met) return std::nullopt;
  }
  if (!Founding(part).unfounded_sets(model).empty()) return std::nullopt;
  return model;
}

struct Outcome {
  bool is_complete = false;
  std::optional<Model> model;
  bool found_any = false;  // also one that did not hold
  double objective = 0, bound = 0;
};

Outcome branch(const Part& part, OsiClpSolverInterface& solver, std::uint64_t nodes, double cutoff) {
  CbcModel model(solver);
  model.setLogLevel(0);
  model.messageHandler()->setLogLevel(0);
  model.solver()->messageHandler()->setLogLevel(0);
  StopOnInterrupt handler;
  model.passInEventHandler(&handler);
  add_cuts(model);
  CbcRounding rounding(model);
  model.addHeuristic(&rounding);
  CbcHeuristicFPump pump(model);
  model.addHeuristic(&pump);
  model.setMaximumNodes(static_cast<int>(std::min<std::uint64_t>(nodes, 1'000'000'000)));
  model.setMaximumCutPassesAtRoot(kRootPasses);
  model.setAllowableGap(0.9);  // objectives are whole numbers
  model.setCutoff(cutoff);
  model.branchAndBound();
  return {model.status() == 0, rounded(part, model.bestSolution()), model.bestSolution() != nullptr,
          model.getObjValue(), model.getBestPossibleObjValue()};
}

// Among models of the same cost, the first in canonical order: so many nodes at a time as a double tells apart.
void find_first_model(const Part& part, const PackedCost& packing, OsiClpSolverInterface& solver, std::uint64_t nodes,
                      PartSolution& solution) {
  constexpr std::uint32_t kNodesAtOnce = 24;
  std::vector<int> columns(part.costs.size());
  std::iota(columns.begin(), columns.end(), 0);
  solver.addRow(static_cast<int>(columns.size()), columns.data(), solver.getObjCoefficients(), -solver.getInfinity(),
                static_cast<double>(packing.pack(solution.cost)));
  for (std::uint32_t first = 0; first < part.node_count; first += kNodesAtOnce) {
    const std::uint32_t last = std::min(first + kNodesAtOnce, part.node_count);
    const std::vector<double> zeros(part.costs.size(), 0);
    solver.setObjective(zeros.data());
    double best = 0;
    for (std::uint32_t i = first; i < last; ++i) {
      const double value = std::ldexp(-1, static_cast<int>(last - 1 - i));
      solver.setObjCoeff(static_cast<int>(i), value);
      if (solution.model[i]) best += value;
    }
    const Outcome outcome = branch(part, solver, nodes, best - 0.5);
    if (!outcome.is_complete || (outcome.found_any && !outcome.model)) return;
    if (outcome.model && cost_of_model(part, *outcome.model) == solution.cost) solution.model = *outcome.model;
    for (std::uint32_t i = first; i < last; ++i) {
      const double value = solution.model[i] ? 1 : 0;
      solver.setColBounds(static_cast<int>(i), value, value);
    }
  }
}

}  // namespace

bool has_milp() { return true; }

void improve_by_milp(const Part& part, std::uint64_t nodes, PartSolution& solution) {
  // Parts are solved by several threads; nobody promises that CBC may be.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  const PackedCost packing(part.costs, kLargestSum);
  OsiClpSolverInterface solver;
  solver.messageHandler()->setLogLevel(0);
  load(part, packing, solver);
  const auto best = static_cast<double>(packing.pack(solution.cost));
  const Outcome outcome = branch(part, solver, nodes, best - 0.5);
  solution.used_second_engine = true;
  if (interrupted()) {
    solution.verdict = Verdict::interrupted;
    return;
  }
  if (outcome.model) {
    const Cost cost = cost_of_model(part, *outcome.model);
    if (cost < solution.cost) {
      solution.cost = cost;
      solution.model = *outcome.model;
    }
  }
  double bound = outcome.is_complete ? (outcome.found_any ? outcome.objective : best) : outcome.bound;
  if (!std::isfinite(bound)) bound = 0;
  bound = std::clamp(bound, 0.0, best);
  const double doubt = kDoubt + bound * kRelativeDoubt;
  const Cost proven = packing.unpack(static_cast<std::int64_t>(std::ceil(std::max(bound - doubt, 0.0))));
  solution.bound = std::min(std::max(solution.bound, proven), solution.cost);
  if (solution.bound != solution.cost) return;
  solution.verdict = Verdict::optimal;
  find_first_model(part, packing, solver, nodes, solution);
}

}  // namespace winnow

#else

namespace winnow {
bool has_milp() { return false; }
void improve_by_milp(const Part& /*part*/, std::uint64_t /*nodes*/, PartSolution& /*solution*/) {}
}  // namespace winnow

#endif
