#include "resolve/solver/sat_solver.hpp"

#include <algorithm>
#include <cadical.hpp>
#include <limits>

#include "base/interrupt.hpp"

namespace winnow {

namespace {

class InterruptTerminator : public CaDiCaL::Terminator {
 public:
  bool terminate() override { return interrupted(); }
};

// CaDiCaL's interface has no counter of conflicts; it asks a learner once for each clause it learns.
class ConflictCounter : public CaDiCaL::Learner {
 public:
  bool learning(int /*size*/) override {
    ++count_;
    return false;
  }
  void learn(int /*literal*/) override {}
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  std::uint64_t count_ = 0;
};

constexpr int kSatisfiable = 10, kUnsatisfiable = 20;

}  // namespace

struct SatSolver::State {
  State() {
    solver.set("quiet", 1);
    solver.set("phase", 0);
    solver.connect_terminator(&terminator);
    solver.connect_learner(&counter);
  }
  ~State() {
    solver.disconnect_terminator();
    solver.disconnect_learner();
  }

  InterruptTerminator terminator;
  ConflictCounter counter;
  CaDiCaL::Solver solver;
};

SatSolver::SatSolver() : state_(std::make_unique<State>()) {}
SatSolver::~SatSolver() = default;
SatSolver::SatSolver(SatSolver&&) noexcept = default;
SatSolver& SatSolver::operator=(SatSolver&&) noexcept = default;

void SatSolver::add(std::span<const Literal> clause) {
  for (const Literal literal : clause) state_->solver.add(literal);
  state_->solver.add(0);
}

SatAnswer SatSolver::solve(std::span<const Literal> assumptions, std::int64_t conflicts) {
  for (const Literal literal : assumptions) state_->solver.assume(literal);
  if (conflicts >= 0) {
    const auto limit = std::min<std::int64_t>(conflicts, std::numeric_limits<int>::max());
    state_->solver.limit("conflicts", static_cast<int>(limit));
  }
  switch (state_->solver.solve()) {
    case kSatisfiable:
      return SatAnswer::satisfiable;
    case kUnsatisfiable:
      return SatAnswer::unsatisfiable;
    default:
      return SatAnswer::unknown;
  }
}

bool SatSolver::value(Literal literal) const { return state_->solver.val(literal) == literal; }

bool SatSolver::failed(Literal assumption) const { return state_->solver.failed(assumption); }

std::uint64_t SatSolver::conflicts() const { return state_->counter.count(); }

void SatSolver::prefer(Literal literal) { state_->solver.phase(literal); }

}  // namespace winnow
