#include "resolve/explain/price.hpp"

#include "base/text_table.hpp"

namespace winnow {

namespace {

void add_clause(Problem& problem, ClauseKind kind, Literal literal) {
  problem.clauses.push_back({static_cast<std::uint32_t>(problem.literals.size()), 1, kind, kNoSource, kHard});
  problem.literals.push_back(literal);
}

}  // namespace

bool has_solution(Verdict verdict) { return verdict == Verdict::optimal || verdict == Verdict::feasible; }

Pricing::Pricing(const Settled& settled, ComponentCache& cache) : settled_(settled), cache_(cache) {}

Price Pricing::without(Variable variable) const {
  Problem changed = settled_.problem;
  add_clause(changed, ClauseKind::forbidden, negative(variable));
  return solve(changed);
}

Price Pricing::instead(Variable variable, Variable other) const {
  Problem changed = settled_.problem;
  add_clause(changed, ClauseKind::forbidden, negative(variable));
  add_clause(changed, ClauseKind::request, positive(other));
  return solve(changed);
}

Price Pricing::solve(const Problem& changed) const {
  MinimizeOptions options;
  options.cache = &cache_;
  Optimum other = minimize(changed, options);
  Price price;
  price.verdict = other.verdict;
  if (!has_solution(other.verdict)) return price;
  price.bytes = static_cast<std::int64_t>(bytes_of(changed, other.chosen)) -
                static_cast<std::int64_t>(bytes_of(settled_.problem, settled_.optimum.chosen));
  price.change = other.cost - settled_.optimum.cost;
  price.chosen = std::move(other.chosen);
  return price;
}

std::uint64_t bytes_of(const Problem& problem, std::span<const Variable> chosen) {
  std::vector<bool> is_there(problem.costs.size());
  for (const Variable variable : chosen) is_there[variable] = true;
  for (const Clause& clause : problem.clauses) {
    if (clause.kind != ClauseKind::file) continue;
    const auto literals = problem.literals_of(clause);
    if (is_there[variable_of(literals[0])]) is_there[variable_of(literals[1])] = true;
  }
  std::uint64_t bytes = 0;
  for (Variable variable = 0; variable < is_there.size(); ++variable) {
    if (is_there[variable]) bytes += static_cast<std::uint64_t>(problem.costs[variable][CostLevel::bytes]);
  }
  return bytes;
}

std::string deciding_text(const Cost& change, std::int64_t bytes) {
  if (change[CostLevel::penalty] > 0) return ", but the policy is against it";
  if (change[CostLevel::change] > 0) return ", but farther from the lock file";
  if (change[CostLevel::bytes] > 0 && bytes <= 0) return ", but that saves less than the threshold";
  if (change[CostLevel::bytes] != 0 || bytes != 0) return "";
  if (change[CostLevel::wish] > 0) return ", but without what is recommended";
  if (change[CostLevel::age] > 0) return ", but older";
  if (change[CostLevel::count] > 0) return ", but more components";
  return change.is_zero() ? ", a tie: the order of names decides" : "";
}

Json to_json(const Price& price) {
  if (!has_solution(price.verdict)) return {{"possible", false}, {"proven", price.verdict == Verdict::unsatisfiable}};
  Json levels = Json::object();
  for (std::size_t i = 0; i < kCostLevels; ++i) {
    const auto level = static_cast<CostLevel>(i);
    if (price.change[level] != 0) levels[to_string(level)] = price.change[level];
  }
  return {{"possible", true},
          {"proven", price.verdict == Verdict::optimal},
          {"bytes", price.bytes},
          {"cost", std::move(levels)}};
}

std::string price_text(const Price& price) {
  switch (price.verdict) {
    case Verdict::unsatisfiable:
      return "cannot be";
    case Verdict::unknown:
    case Verdict::interrupted:
      return "unknown: the limit came first";
    case Verdict::optimal:
    case Verdict::feasible:
      break;
  }
  const std::string bytes = (price.bytes == 0 ? "+0" : signed_digits(price.bytes)) + " bytes";
  if (price.verdict == Verdict::feasible) return "at most " + bytes + ": not proven";
  return bytes + deciding_text(price.change, price.bytes);
}

}  // namespace winnow
