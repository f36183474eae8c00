#include "resolve/solver/core_guided.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "base/interrupt.hpp"
#include "resolve/solver/canonical_model.hpp"
#include "resolve/solver/model_pruning.hpp"
#include "resolve/solver/part_sat.hpp"
#include "resolve/solver/totalizer.hpp"

namespace winnow {

namespace {

constexpr std::int64_t kMinimizeConflicts = 200;  // for each core
constexpr int kTrims = 4;
constexpr std::uint32_t kNoSoft = UINT32_MAX;

// A literal that costs `weight` when it is true: a variable, or a count over a core.
struct Soft {
  Literal literal = 0;
  Cost weight;
  CoreLiteral origin;
  bool is_pending = false;  // made by a core of this round; joins when the others are satisfiable
};

// What remains of a core of several literals.
struct Counted {
  Totalizer totalizer;
  Cost weight;
};

// Weights of about the same size share a stratum: the level, then the magnitude.
int stratum_of(const Cost& weight) {
  for (std::size_t level = 0; level < kCostLevels; ++level) {
    const std::int64_t amount = weight.levels[level];
    if (amount == 0) continue;
    const auto magnitude =
        static_cast<int>(std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(amount, 1))));
    return static_cast<int>(kCostLevels - level) * 64 + magnitude;
  }
  return 0;
}

class CoreSearch {
 public:
  CoreSearch(const Part& part, const CoreGuidedOptions& options)
      : part_(part), options_(options), sat_(part, options.conflicts), pruning_(part) {
    for (Variable i = 0; i < part.costs.size(); ++i) {
      if (!part.costs[i].is_zero()) add_soft(positive(i), part.costs[i], {CoreLiteral::Kind::variable, i, 0}, false);
    }
  }

  PartSolution run() {
    solution_.verdict = search();
    solution_.bound = lower_;
    if (!best_.empty()) {
      if (solution_.verdict == Verdict::optimal) finish();
      solution_.cost = cost_of_model(part_, best_);
      solution_.model = std::move(best_);
    }
    if (options_.keep_proof) solution_.loops = sat_.loops();
    solution_.core_count = static_cast<std::uint32_t>(counted_.size());
    solution_.conflicts = sat_.conflicts();
    return std::move(solution_);
  }

 private:
  void add_soft(Literal literal, const Cost& weight, CoreLiteral origin, bool is_pending) {
    const Variable variable = variable_of(literal);
    if (soft_of_.size() <= variable) soft_of_.resize(variable + 1, kNoSoft);
    soft_of_[variable] = static_cast<std::uint32_t>(softs_.size());
    softs_.push_back({literal, weight, origin, is_pending});
  }
  [[nodiscard]] Soft& soft_of(Literal literal) { return softs_[soft_of_[variable_of(literal)]]; }

  [[nodiscard]] Verdict stopped() const {
    if (interrupted()) return Verdict::interrupted;
    return best_.empty() ? Verdict::unknown : Verdict::feasible;
  }

  Verdict search() {
    const SatAnswer first = sat_.ask({});
    if (first == SatAnswer::unsatisfiable) return Verdict::unsatisfiable;
    if (first == SatAnswer::unknown) return stopped();
    note_model();
    int stratum = next_stratum(INT32_MAX);
    while (upper_ != lower_) {
      const std::vector<Literal> assumptions = assumptions_from(stratum);
      const SatAnswer answer = sat_.ask(assumptions);
      if (answer == SatAnswer::unknown) return stopped();
      if (answer == SatAnswer::unsatisfiable) {
        std::vector<Literal> core = failed_of(assumptions);
        shrink(core);
        if (core.empty()) return stopped();
        relax(core);
      } else {
        note_model();
        harden();
        if (!activate_pending()) stratum = next_stratum(stratum);
      }
    }
    return Verdict::optimal;
  }

  // The largest stratum below `stratum` that has a literal.
  [[nodiscard]] int next_stratum(int stratum) const {
    int next = 0;
    for (const Soft& soft : softs_) {
      if (soft.weight.is_zero()) continue;
      const int own = stratum_of(soft.weight);
      if (own < stratum) next = std::max(next, own);
    }
    return next;
  }

  // Dearest first.
  [[nodiscard]] std::vector<Literal> assumptions_from(int stratum) const {
    std::vector<const Soft*> chosen;
    for (const Soft& soft : softs_) {
      if (!soft.is_pending && !soft.weight.is_zero() && stratum_of(soft.weight) >= stratum) chosen.push_back(&soft);
    }
    std::stable_sort(chosen.begin(), chosen.end(), [](const Soft* a, const Soft* b) { return a->weight > b->weight; });
    std::vector<Literal> assumptions;
    for (const Soft* soft : chosen) assumptions.push_back(-soft->literal);
    return assumptions;
  }

  [[nodiscard]] std::vector<Literal> failed_of(const std::vector<Literal>& assumptions) const {
    std::vector<Literal> failed;
    for (const Literal assumption : assumptions) {
      if (sat_.failed(assumption)) failed.push_back(assumption);
    }
    return failed;
  }

  // Fewer literals make a stronger core. Cheap ones go first, so that the least weight is large.
  void shrink(std::vector<Literal>& core) {
    for (int i = 0; i < kTrims && core.size() > 1; ++i) {
      if (sat_.ask_once(core, kMinimizeConflicts) != SatAnswer::unsatisfiable) break;
      std::vector<Literal> smaller = failed_of(core);
      const bool is_done = smaller.size() == core.size();
      core = std::move(smaller);
      if (is_done) break;
    }
    const std::uint64_t start = sat_.conflicts();
    for (std::size_t keep = 0; core.size() > 1 && keep < core.size();) {
      const auto used = static_cast<std::int64_t>(sat_.conflicts() - start);
      if (used >= kMinimizeConflicts) return;
      // The last literals are the cheapest; `keep` of them are known to be needed.
      const std::size_t at = core.size() - 1 - keep;
      std::vector<Literal> without = core;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(at));
      if (sat_.ask_once(without, kMinimizeConflicts - used) == SatAnswer::unsatisfiable) {
        core = failed_of(without);
        keep = std::min(keep, core.size());
      } else {
        ++keep;
      }
    }
  }

  // Charges the core: see Certificate.
  void relax(const std::vector<Literal>& core) {
    Cost least = soft_of(core[0]).weight;
    for (const Literal assumption : core) least = std::min(least, soft_of(assumption).weight);
    lower_ += least;
    const auto id = static_cast<std::uint32_t>(counted_.size());
    PartCore kept;
    std::vector<Literal> inputs;
    for (const Literal assumption : core) {
      Soft& soft = soft_of(assumption);
      soft.weight -= least;
      inputs.push_back(soft.literal);
      kept.literals.push_back(soft.origin);
    }
    if (options_.keep_proof) {
      kept.weight = least;
      std::sort(kept.literals.begin(), kept.literals.end());
      solution_.cores.push_back(std::move(kept));
    }
    counted_.emplace_back();
    if (core.size() == 1) {
      sat_.add(std::array{-core[0]});
    } else {
      counted_[id] = Counted{Totalizer(inputs), least};
      add_count(id, 2);
    }
    for (const Literal assumption : core) {
      const CoreLiteral origin = soft_of(assumption).origin;
      if (origin.kind == CoreLiteral::Kind::count) add_count(origin.index, origin.at_least + 1);
    }
  }

  void add_count(std::uint32_t core, std::uint32_t at_least) {
    Counted& counted = *counted_[core];
    if (at_least > counted.totalizer.size()) return;
    const Literal literal = counted.totalizer.at_least(at_least, sat_.sat(), sat_.next_variable());
    const Variable variable = variable_of(literal);
    if (variable < soft_of_.size() && soft_of_[variable] != kNoSoft) return;
    add_soft(literal, counted.weight, {CoreLiteral::Kind::count, core, at_least}, true);
  }

  bool activate_pending() {
    bool any = false;
    for (Soft& soft : softs_) {
      any = any || soft.is_pending;
      soft.is_pending = false;
    }
    return any;
  }

  void note_model() {
    Model model = sat_.model();
    pruning_.prune(model);
    const Cost cost = cost_of_model(part_, model);
    if (!best_.empty() && cost >= upper_) return;
    best_ = std::move(model);
    upper_ = cost;
  }

  // A literal whose cost alone is more than what is left to gain is false in every best solution.
  void harden() {
    if (options_.keep_proof) return;
    const Cost gap = upper_ - lower_;
    for (Soft& soft : softs_) {
      if (soft.weight.is_zero() || !(soft.weight > gap)) continue;
      sat_.add(std::array{-soft.literal});
      soft.weight = {};
    }
  }

  // Only the best models are left when nothing that still costs may be true.
  void finish() {
    for (const Soft& soft : softs_) {
      if (!soft.weight.is_zero()) sat_.add(std::array{-soft.literal});
    }
    sat_.allow(options_.conflicts);
    const bool is_first = find_first_model(part_, sat_, best_);
    if (!is_first && interrupted()) solution_.verdict = Verdict::interrupted;
  }

  const Part& part_;
  CoreGuidedOptions options_;
  PartSat sat_;
  ModelPruning pruning_;
  std::vector<Soft> softs_;
  std::vector<std::uint32_t> soft_of_;           // by variable
  std::vector<std::optional<Counted>> counted_;  // by core; none for a core of one literal
  Cost lower_;
  Cost upper_;
  Model best_;
  PartSolution solution_;
};

}  // namespace

PartSolution solve_by_cores(const Part& part, const CoreGuidedOptions& options) {
  return CoreSearch(part, options).run();
}

}  // namespace winnow
