// The second stage of preprocessing: rules that keep the best solution of a part, though not every solution, until none
// applies; then what is left, cut into smaller parts. Solutions of those give the solution of the part.
#pragma once

#include <cstdint>
#include <vector>

#include "resolve/solver/clause_store.hpp"
#include "resolve/solver/part.hpp"

namespace winnow {

class Reduction {
 public:
  explicit Reduction(const Part& part);

  // False when the part has no solution.
  [[nodiscard]] bool run();
  // What is left, after run().
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  // What every best solution costs beside the parts.
  [[nodiscard]] const Cost& base() const { return base_; }
  // Of the whole part, from a model of each of parts().
  [[nodiscard]] Model expand(const std::vector<Model>& models) const;

 private:
  void cut();
  void connect();
  std::uint32_t find(std::uint32_t element);
  void unite(std::uint32_t a, std::uint32_t b);
  void number();
  void add_clauses();
  void add_founding();
  [[nodiscard]] bool is_false(const FoundingNode& node) const;
  [[nodiscard]] bool is_chosen(const FoundingNode& node) const;
  void find_sources();

  const Part& part_;
  ClauseStore store_;
  Cost base_;
  std::vector<std::uint32_t> unions_;           // by variable, then by founding node
  std::vector<std::uint32_t> part_of_, local_;  // by variable, then by founding node
  std::vector<bool> is_source_;                 // by founding node
  std::vector<Part> parts_;
};

}  // namespace winnow
