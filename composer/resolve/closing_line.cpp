#include "resolve/closing_line.hpp"

#include "base/text_table.hpp"

namespace winnow {

namespace {

// Tenths of a percent, upwards: a gap is never called 0.0 %.
std::string percent(std::int64_t part, std::int64_t whole) {
  const std::int64_t tenths = whole == 0 ? 0 : (part * 1000 + whole - 1) / whole;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string verdict_text(const Choice& choice) {
  const Cost& cost = choice.optimum.cost;
  const Cost& bound = choice.optimum.bound;
  const bool has_lock = !choice.goal.keep.empty();
  if (choice.optimum.verdict == Verdict::optimal) {
    return has_lock ? "proven minimal among the fewest changes of the lock file" : "proven minimal";
  }
  for (const CostLevel level : {CostLevel::penalty, CostLevel::change}) {
    if (cost[level] == bound[level]) continue;
    return "the best found: " + std::to_string(cost[level]) + " in " + std::string(to_string(level)) + ", at least " +
           std::to_string(bound[level]) + " are needed";
  }
  const std::int64_t bytes = cost[CostLevel::bytes], least = bound[CostLevel::bytes];
  if (bytes == least) return "with no fewer bytes possible; the best found of those";
  return "the best found: at least " + grouped_digits(static_cast<std::uint64_t>(least)) + " are needed, a gap of " +
         percent(bytes - least, bytes);
}

}  // namespace

ByteCount chosen_bytes(const Choice& choice) {
  Problem problem = choice.problem;
  for (Cost& cost : problem.soft_costs) cost = Cost{};  // a threshold is no byte of a file
  return static_cast<ByteCount>(cost_of(problem, choice.optimum.chosen)[CostLevel::bytes]);
}

std::string closing_line(const Choice& choice) {
  const std::size_t count = choice.optimum.chosen.size();
  const std::string measure = choice.goal.measure == SizeMeasure::stored_alone
                                  ? "compressed one by one"
                                  : std::string(to_string(choice.goal.measure));
  std::string line = grouped_digits(count) + (count == 1 ? " component, " : " components, ") +
                     grouped_digits(chosen_bytes(choice)) + " bytes " + measure + ", " + verdict_text(choice);
  if (const std::int64_t penalties = choice.optimum.cost[CostLevel::penalty]; penalties > 0) {
    line += "; policy penalties: " + std::to_string(penalties);
  }
  if (choice.goal.prefer_threshold > 1) {
    line += "; declared defaults are kept unless " + grouped_digits(choice.goal.prefer_threshold) + " bytes are saved";
  }
  return line;
}

}  // namespace winnow
