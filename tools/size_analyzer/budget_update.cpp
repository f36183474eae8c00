#include "size_analyzer/budget_update.hpp"

#include <map>

#include "size_analyzer/report_text.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

std::vector<LimitChange> limit_changes(const BudgetReport& report, bool ratchet) {
  std::map<Place, LimitChange> limits;
  for (const BudgetRow& row : report.rows) {
    const bool is_over = row.limit && row.value > *row.limit && row.value - *row.limit > row.waived;
    if (!row.limit || (!ratchet && !is_over)) continue;
    const auto [found, is_new] =
        limits.emplace(row.limit_place, LimitChange{row.limit_place, row.scope, *row.limit, row.value});
    if (!is_new && found->second.after < row.value) found->second.after = row.value;
  }
  std::vector<LimitChange> changes;
  for (auto& [place, change] : limits) {
    if (ratchet ? change.after < change.before : change.after > change.before) changes.push_back(std::move(change));
  }
  return changes;
}

std::string print_limit_changes(const std::vector<LimitChange>& changes) {
  std::string text;
  for (const LimitChange& change : changes) {
    text += plain_name(to_string(change.place)) + ": " + plain_name(change.scope) + ": limit " +
            grouped_digits(change.before) + " -> " + grouped_digits(change.after) + "\n";
  }
  return text;
}

}  // namespace winnow
