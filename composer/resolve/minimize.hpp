// The best solution of a Problem, with a proof that none is better, or the best one found and how far off it may be.
// Deterministic: limits count conflicts, not seconds; the result does not depend on the number of threads, nor on a
// cache.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "resolve/certificate.hpp"
#include "resolve/cost.hpp"
#include "resolve/problem.hpp"

namespace winnow {

// Solutions of connected parts that were solved before, by their contents: what makes a second question about nearly
// the same Problem cheap. May be shared by threads.
class ComponentCache {
 public:
  ComponentCache();
  ~ComponentCache();
  struct State;
  [[nodiscard]] State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

struct MinimizeOptions {
  // Only reachability, unit propagation and cores, no step that keeps an optimum but not every model: the Certificate
  // can be checked. Slower.
  bool prove = false;
  std::uint64_t conflicts = 200'000;  // for each connected part
  bool second_engine = true;          // CBC for a part that does not close, where winnow was built with it
  ComponentCache* cache = nullptr;
};

// For the closing lines of a report and for benchmarks.
struct MinimizeStats {
  std::uint32_t variables = 0, clauses = 0;            // of the Problem
  std::uint32_t live_variables = 0, live_clauses = 0;  // after preprocessing
  std::uint32_t parts = 0, largest_part = 0;           // connected parts, and the variables of the largest
  std::uint32_t cores = 0;
  std::uint64_t conflicts = 0;
  std::uint32_t parts_from_cache = 0;
  std::string engine;  // "oll", "oll+cbc"
};

enum class Verdict {
  optimal,        // cost == bound
  feasible,       // a solution, and a bound below its cost: never called minimal
  unsatisfiable,  // there is none
  unknown,        // the limit came before the first solution
  interrupted,
};

struct Optimum {
  Verdict verdict = Verdict::unknown;
  std::vector<Variable> chosen;  // nodes only, ascending; empty without a solution
  Cost cost;                     // cost_of(chosen)
  Cost bound;
  std::optional<Certificate> certificate;  // with `prove`, when optimal
  MinimizeStats stats;
};

[[nodiscard]] Optimum minimize(const Problem& problem, const MinimizeOptions& options = {});

}  // namespace winnow
