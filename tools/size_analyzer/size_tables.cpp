#include <algorithm>
#include <functional>

#include "size_analyzer/report_text.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

void visit(const SizeRow& row, std::size_t depth, const RowLimits& limits,
           const std::function<void(const SizeRow&, std::size_t)>& see) {
  see(row, depth);
  if (depth == limits.depth) return;
  for (std::size_t i = 0; i < row.children.size() && (limits.top == 0 || i < limits.top); ++i) {
    visit(row.children[i], depth + 1, limits, see);
  }
}

}  // namespace

std::string print_size_csv(const SizeReport& report, const RowLimits& limits) {
  std::string text = "depth,kind,path,logical,allocated,stored,shared,files\r\n";
  std::vector<std::string> names;
  RowLimits all = limits;
  all.top = 0;
  visit(report.root, 0, all, [&](const SizeRow& row, std::size_t depth) {
    names.resize(depth);
    names.push_back(row.name);
    std::string path;
    for (const std::string& name : names) path += (path.empty() ? "" : " > ") + name;
    text += std::to_string(depth) + "," + std::string(to_string(row.kind)) + "," + csv_field(path) + "," +
            std::to_string(row.sizes.logical) + "," + std::to_string(row.sizes.allocated) + "," +
            std::to_string(row.sizes.stored) + "," + std::to_string(row.shared) + "," + std::to_string(row.files) +
            "\r\n";
  });
  return text;
}

std::string print_size_markdown(const SizeReport& report, const RowLimits& limits) {
  const ImageFacts& facts = report.facts;
  std::string text = "### " + markdown_code(facts.name) + ": " + human_size(facts.total.stored) + " stored, " +
                     human_size(facts.total.logical) + " logical\n\n" + owners_text(facts) + "; " +
                     allocated_text(facts) + ".\n\n| stored | allocated | logical | files | |\n|--:|--:|--:|--:|:--|\n";
  visit(report.root, 0, limits, [&](const SizeRow& row, std::size_t depth) {
    std::string indent;
    for (std::size_t i = 0; i < depth; ++i) indent += "&emsp;";
    text += "| " + human_size(row.sizes.stored) + " | " + human_size(row.sizes.allocated) + " | " +
            human_size(row.sizes.logical) + " | " + grouped_digits(row.files) + " | " + indent +
            markdown_code(row.name) + " |\n";
  });
  if (!report.comparison) return text;
  text += "\nAgainst " + markdown_code(report.comparison->baseline) + "\n\n| | image | baseline |\n|:--|--:|--:|\n";
  for (const ComparedMeasure& measure : report.comparison->measures) {
    const auto number = [&](std::uint64_t value) {
      return measure.is_bytes ? human_size(value) : grouped_digits(value);
    };
    text += "| " + measure.name + " | " + number(measure.image) + " | " + number(measure.baseline) + " |\n";
  }
  return text;
}

}  // namespace winnow
