#include "winnow/choice_json.hpp"

#include "resolve/closing_line.hpp"

namespace winnow {

namespace {

Json cost_json(const Cost& cost) {
  Json levels = Json::object();
  for (std::size_t i = 0; i < kCostLevels; ++i) {
    const auto level = static_cast<CostLevel>(i);
    levels[std::string(to_string(level))] = cost[level];
  }
  return levels;
}

}  // namespace

Json choice_json(const Choice& choice) {
  return {{"measure", to_string(choice.goal.measure)},
          {"bytes", chosen_bytes(choice)},
          {"proven", choice.optimum.verdict == Verdict::optimal},
          {"cost", cost_json(choice.optimum.cost)},
          {"bound", cost_json(choice.optimum.bound)}};
}

}  // namespace winnow
