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

Verdict worse(Verdict a, Verdict b) {
  const auto rank = [](Verdict verdict) {
    switch (verdict) {
      case Verdict::optimal:
        return 0;
      case Verdict::feasible:
        return 1;
      case Verdict::unknown:
        return 2;
      case Verdict::interrupted:
        return 3;
      case Verdict::unsatisfiable:
        return 4;
    }
    return 4;
  };
  return rank(a) < rank(b) ? b : a;
}

}  // namespace winnow
