#include "resolve/solver/part.hpp"

namespace winnow {

Cost cost_of_model(const Part& part, const Model& model) {
  Cost cost;
  for (std::size_t i = 0; i < part.costs.size(); ++i) {
    if (model[i]) cost += part.costs[i];
  }
  return cost;
}

bool is_canonically_before(const Part& part, const Model& a, const Model& b) {
  for (std::uint32_t i = 0; i < part.node_count; ++i) {
    if (a[i] != b[i]) return a[i];
  }
  return false;
}

}  // namespace winnow
