// A budget report for people, for programs and for CI systems.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "size_analyzer/budget_check.hpp"

namespace winnow {

inline constexpr std::string_view kBudgetSchema = "winnow-budget-1";  // tools/size_analyzer/budget.schema.json

// A table of budgets, then each finding as "budget.xml:14:5: image shop is over budget: …" with its notes and causes.
[[nodiscard]] std::string print_budget(const BudgetReport& report);
[[nodiscard]] Json to_json(const BudgetReport& report);
// One row a budget and a finding.
[[nodiscard]] std::string print_budget_csv(const BudgetReport& report);
// For a pull request: verdict, table of budgets, findings; at most 40 lines.
[[nodiscard]] std::string print_budget_markdown(const BudgetReport& report);
// JUnit XML as Jenkins, GitLab and Azure read it: a suite an image, a test case a budget.
[[nodiscard]] std::string print_budget_junit(const BudgetReport& report);
// SARIF 2.1.0 (OASIS), one result a finding.
[[nodiscard]] Json budget_sarif(const BudgetReport& report);
// Workflow commands of GitHub Actions ("::error file=…"), one line a finding.
[[nodiscard]] std::string print_budget_github(const BudgetReport& report);
// Logging commands of Azure Pipelines ("##vso[task.logissue …]"), one line a finding.
[[nodiscard]] std::string print_budget_azure(const BudgetReport& report);

// The causes of a finding, a line each: "+1,234 your manifest: app shop: the app's own files changed".
[[nodiscard]] std::vector<std::string> cause_lines(const BudgetFinding& finding);

}  // namespace winnow
