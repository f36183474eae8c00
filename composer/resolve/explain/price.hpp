// What another choice would cost: the question solved again, exactly, with that choice made.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "resolve/explain/settled.hpp"

namespace winnow {

struct Price {
  Verdict verdict = Verdict::unknown;  // of the other solution
  std::int64_t bytes = 0;              // of the other solution, less those of the one at hand
  Cost change;                         // the same of the whole cost; below zero only where nothing was proven
  std::vector<Variable> chosen;        // the other solution
};
[[nodiscard]] bool has_solution(Verdict verdict);

class Pricing {
 public:
  // The cache may hold parts of other questions, and gets those of this one.
  Pricing(const Settled& settled, ComponentCache& cache);

  [[nodiscard]] Price without(Variable variable) const;
  // With `other`, whatever asks for it, and without `variable`.
  [[nodiscard]] Price instead(Variable variable, Variable other) const;

 private:
  [[nodiscard]] Price solve(const Problem& changed) const;

  const Settled& settled_;
  ComponentCache& cache_;
};

// In the measure of the problem, every shared file once; without thresholds.
[[nodiscard]] std::uint64_t bytes_of(const Problem& problem, std::span<const Variable> chosen);

// "+482,304 bytes", "+0 bytes, but older", "cannot be", "at most +4,096 bytes: not proven".
[[nodiscard]] std::string price_text(const Price& price);
[[nodiscard]] Json to_json(const Price& price);  // the change of bytes, and of the cost by its levels
// What decides between two solutions besides bytes, as a clause that goes on: ", but older"; "" when bytes do.
[[nodiscard]] std::string deciding_text(const Cost& change, std::int64_t bytes);

}  // namespace winnow
