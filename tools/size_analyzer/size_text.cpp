#include <algorithm>
#include <array>
#include <cstdio>

#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

std::string one_decimal(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", number);
  return text.data();
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string left(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

// Whole and part as counts and as a percentage of the whole; both numbers always stand beside it.
std::string share_text(const ComparedMeasure& measure) {
  const auto number = [&](std::uint64_t value) { return measure.is_bytes ? human_size(value) : grouped_digits(value); };
  std::string text = number(measure.image) + " of " + number(measure.baseline);
  if (measure.baseline == 0) return text;
  const double percent = 100.0 * static_cast<double>(measure.image) / static_cast<double>(measure.baseline);
  text += ": " + one_decimal(percent) + " %";
  if (percent <= 100) text += ", " + one_decimal(100 - percent) + " % " + (measure.is_bytes ? "less" : "fewer");
  return text;
}

std::string owners_text(OwnerSource source) {
  switch (source) {
    case OwnerSource::provenance:
      return "the image's own provenance.json";
    case OwnerSource::feed:
      return "the feed it is compared with, by path and SHA-256";
    case OwnerSource::none:
      break;
  }
  return "nobody: the image has no provenance.json";
}

class Table {
 public:
  explicit Table(const SizeTextOptions& options) : options_(options) {}

  void add(const SizeRow& row, std::size_t depth) {
    text_ += right(human_size(row.stored), 12) + right(grouped_digits(row.stored), 16) +
             right(human_size(row.logical), 14) + right(grouped_digits(row.logical), 16) +
             right(grouped_digits(row.files), 8) + "  " + std::string(2 * depth, ' ') + row.name + "\n";
    const bool is_detail =
        row.kind == SizeKind::component || row.kind == SizeKind::folder || row.kind == SizeKind::file;
    if (is_detail && !options_.files) return;
    for (const SizeRow& child : row.children) add(child, depth + 1);
  }
  [[nodiscard]] std::string text() const {
    return right("stored", 12) + right("bytes", 16) + right("logical", 14) + right("bytes", 16) + right("files", 8) +
           "\n" + text_;
  }

 private:
  const SizeTextOptions& options_;
  std::string text_;
};

std::string comparison_text(const SizeComparison& comparison) {
  std::string text = "\nagainst " + comparison.baseline + "\n";
  std::size_t width = 0;
  for (const ComparedMeasure& measure : comparison.measures) width = std::max(width, measure.name.size());
  for (const ComparedMeasure& measure : comparison.measures) {
    text += "  " + left(measure.name, width) + "  " + share_text(measure) + "\n";
  }
  text += "  in no percentage: " + grouped_digits(comparison.outside_files) + " files, " +
          human_size(comparison.outside_bytes) + " (" + grouped_digits(comparison.outside_bytes) +
          " bytes), the app's and what else the baseline does not have\n";
  return text;
}

}  // namespace

std::string grouped_digits(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3; place -= 3) text.insert(place - 3, ",");
  return text;
}

std::string human_size(ByteCount bytes) {
  constexpr std::array<const char*, 4> kUnits = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return std::to_string(bytes) + " bytes";
  double number = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (number >= 999.95 && unit + 1 < kUnits.size()) {
    number /= 1000;
    ++unit;
  }
  return one_decimal(number) + " " + kUnits[unit];
}

std::string print_size_report(const SizeReport& report, const SizeTextOptions& options) {
  std::string text = report.image;
  if (!report.tag.empty()) text += ": " + report.tag;
  if (!report.os_version.empty()) text += ", Windows " + report.os_version;
  text += "\nowners from " + owners_text(report.owners);
  for (std::size_t i = 0; i < report.feeds.size(); ++i) text += (i == 0 ? "; made from feed " : ", ") + report.feeds[i];
  text += "\n\n";
  Table table(options);
  table.add(report.root, 0);
  text += table.text();
  if (report.comparison) text += comparison_text(*report.comparison);
  return text;
}

}  // namespace winnow
