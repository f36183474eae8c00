// A budget report in words: for terminals and for pull requests.
#include <algorithm>

#include "size_analyzer/budget_views.hpp"
#include "size_analyzer/report_text.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMarkdownRows = 12;
constexpr std::size_t kMarkdownFindings = 8;

std::string optional_digits(const std::optional<ByteCount>& bytes) { return bytes ? grouped_digits(*bytes) : ""; }

std::string left_text(const BudgetRow& row) {
  if (!row.limit) return "";
  return signed_digits(static_cast<std::int64_t>(*row.limit + row.waived - row.value));
}

std::string growth_text(const BudgetRow& row) {
  return row.before ? signed_digits(static_cast<std::int64_t>(row.value - *row.before)) : "";
}

std::string verdict_of(const BudgetRow& row) {
  if (!row.is_broken) return "ok";
  return row.severity == BudgetSeverity::error ? "BROKEN" : "warning";
}

std::string verdict_text(const BudgetReport& report) {
  const auto count = [&](FindingLevel level) {
    return std::count_if(report.findings.begin(), report.findings.end(),
                         [&](const BudgetFinding& finding) { return finding.level == level; });
  };
  const auto errors = count(FindingLevel::error);
  const auto warnings = count(FindingLevel::warning);
  if (errors == 0 && warnings == 0) return "within budget";
  std::string text = errors > 0 ? "over budget: " : "within budget: ";
  if (errors > 0) text += std::to_string(errors) + (errors == 1 ? " error" : " errors");
  if (warnings > 0) {
    text += (errors > 0 ? ", " : "") + std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings");
  }
  return text;
}

std::string finding_text(const BudgetFinding& finding) {
  std::string text = plain_name(to_string(finding.place)) + ": ";
  if (finding.level != FindingLevel::error) text += std::string(to_string(finding.level)) + ": ";
  text += plain_name(finding.text) + "\n";
  if (!finding.message.empty()) text += "  " + plain_name(finding.message) + "\n";
  for (const std::string& line : cause_lines(finding)) text += "  because: " + plain_name(line) + "\n";
  for (const std::string& note : finding.notes) text += "  note: " + plain_name(note) + "\n";
  return text;
}

}  // namespace

std::vector<std::string> cause_lines(const BudgetFinding& finding) {
  std::vector<std::string> lines;
  for (const CauseRow& row : finding.causes) {
    lines.push_back(signed_digits(value_of(row, finding.measure)) + " " + std::string(to_string(row.why.cause)) + ": " +
                    row.why.subject + ": " + row.why.reason);
  }
  return lines;
}

std::string print_budget(const BudgetReport& report) {
  std::string text =
      plain_name(report.file) + ": " + verdict_text(report) + "; waivers as of " + plain_name(report.today) + "\n";
  if (!report.rows.empty()) {
    TextTable table({">line", "image", "budget for", "measure", ">old", ">now", ">growth", ">may grow", ">limit",
                     ">waived", ">left", ""});
    for (const BudgetRow& row : report.rows) {
      table.add({std::to_string(row.place.line), plain_name(row.image), plain_name(row.scope),
                 std::string(to_string(row.measure)), optional_digits(row.before), grouped_digits(row.value),
                 growth_text(row), optional_digits(row.creep), optional_digits(row.limit),
                 row.waived == 0 ? "" : grouped_digits(row.waived), left_text(row), verdict_of(row)});
    }
    text += "\n" + table.text();
  }
  if (!report.findings.empty()) text += "\n";
  for (const BudgetFinding& finding : report.findings) text += finding_text(finding);
  return text;
}

std::string print_budget_markdown(const BudgetReport& report) {
  std::string text = "### Size " + verdict_text(report) + "\n\n";
  TextTable table({"image", "budget for", "measure", ">now", ">growth", ">limit", ">left", ""});
  const std::size_t rows = std::min(report.rows.size(), kMarkdownRows);
  for (std::size_t i = 0; i < rows; ++i) {
    const BudgetRow& row = report.rows[i];
    table.add({markdown_code(row.image), markdown_code(row.scope), std::string(to_string(row.measure)),
               grouped_digits(row.value), growth_text(row), optional_digits(row.limit), left_text(row),
               row.is_broken ? "**" + verdict_of(row) + "**" : verdict_of(row)});
  }
  text += table.markdown();
  if (rows < report.rows.size()) text += "\nand " + std::to_string(report.rows.size() - rows) + " more budgets.\n";
  std::size_t shown = 0;
  std::size_t lines = 0;
  for (const BudgetFinding& finding : report.findings) {
    if (finding.level == FindingLevel::note) continue;
    if (++shown > kMarkdownFindings) break;
    text += (shown == 1 ? "\n- " : "- ") + markdown_code(to_string(finding.place) + ": " + finding.text) + "\n";
    // Causes of the first findings only: the comment stays within its 40 lines.
    for (const std::string& line : cause_lines(finding)) {
      if (++lines <= kTopCauses) text += "  - " + markdown_code(line) + "\n";
    }
    if (!finding.message.empty() && shown == 1) text += "  - " + markdown_code(finding.message) + "\n";
  }
  return text + "\nWaivers as of " + markdown_code(report.today) + ".\n";
}

}  // namespace winnow
