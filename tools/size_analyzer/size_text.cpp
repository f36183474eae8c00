#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "size_analyzer/report_text.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

constexpr std::size_t kNarrow = 100;   // below this a line has no exact bytes
constexpr std::size_t kSmallest = 60;  // names are cut to what is left of this at least

std::string one_decimal(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", number);
  return text.data();
}

std::string left(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

// Names come from images: nothing in them may move a terminal's cursor.
std::string printable(std::string name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::replace_if(name.begin(), name.end(), is_control, '?');
  return name;
}

// Cut at a character's border, with an ellipsis.
std::string cut(const std::string& name, std::size_t width) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(name[i]) & 0xC0) != 0x80;
    if (starts && ++characters == width) {
      const bool is_last = std::none_of(name.begin() + static_cast<std::ptrdiff_t>(i) + 1, name.end(),
                                        [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
      if (!is_last) return name.substr(0, i) + "…";
    }
  }
  return name;
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

class Table {
 public:
  Table(const SizeReport& report, const RowLimits& limits)
      : limits_(limits),
        is_wide_(limits.width == 0 || limits.width >= kNarrow),
        has_shared_(report.root.shared != 0),
        measure_(report.options.measure) {
    text_ = line("stored", "allocated", "logical", std::string(to_string(measure_)) + " bytes", "shared", "files", "");
  }

  void add(const SizeRow& row, std::size_t depth) {
    put(row, depth);
    if (depth == limits_.depth) return;
    const std::size_t shown = limits_.top == 0 ? row.children.size() : std::min(limits_.top, row.children.size());
    for (std::size_t i = 0; i < shown; ++i) add(row.children[i], depth + 1);
    if (shown == row.children.size()) return;
    SizeRow rest;
    rest.name = "and " + grouped_digits(row.children.size() - shown) + " more";
    for (std::size_t i = shown; i < row.children.size(); ++i) {
      rest.sizes += row.children[i].sizes;
      rest.shared += row.children[i].shared;
      rest.files += row.children[i].files;
    }
    put(rest, depth + 1);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void put(const SizeRow& row, std::size_t depth) {
    text_ += line(human_size(row.sizes.stored), human_size(row.sizes.allocated), human_size(row.sizes.logical),
                  grouped_digits(value_of(row.sizes, measure_)), human_size(row.shared), grouped_digits(row.files),
                  std::string(2 * depth, ' ') + printable(row.name));
  }

  [[nodiscard]] std::string line(const std::string& stored, const std::string& allocated, const std::string& logical,
                                 const std::string& bytes, const std::string& shared, const std::string& files,
                                 const std::string& name) const {
    std::string text = right_aligned(stored, 10) + right_aligned(allocated, 11) + right_aligned(logical, 11);
    if (is_wide_) text += right_aligned(bytes, 17);
    if (has_shared_) text += right_aligned(shared, 11);
    text += right_aligned(files, is_wide_ ? 9 : 7);
    if (name.empty()) return text + "\n";
    if (limits_.width == 0) return text + "  " + name + "\n";
    const std::size_t width = std::max(limits_.width, kSmallest) - std::min(kSmallest, text.size() + 2);
    return text + "  " + cut(name, width) + "\n";
  }

  RowLimits limits_;
  bool is_wide_;
  bool has_shared_;
  Measure measure_;
  std::string text_;
};

std::string comparison_text(const SizeComparison& comparison) {
  std::string text = "\nagainst " + printable(comparison.baseline) + "\n";
  std::size_t width = 0;
  for (const ComparedMeasure& measure : comparison.measures) width = std::max(width, measure.name.size());
  for (const ComparedMeasure& measure : comparison.measures) {
    text += "  " + left(measure.name, width) + "  " + share_text(measure) + "\n";
  }
  for (const ComparedSet& set : comparison.sets) {
    text += "  " + left(set.name, width) + "  " + grouped_digits(set.only_image) + " only here, " +
            grouped_digits(set.both) + " in both, " + grouped_digits(set.only_baseline) + " only there\n";
  }
  text += "  in no percentage: " + grouped_digits(comparison.outside_files) + " files, " +
          human_size(comparison.outside_bytes) + " (" + grouped_digits(comparison.outside_bytes) +
          " bytes), the app's and what else the baseline does not have\n";
  return text;
}

std::string list_text(const char* title, const std::vector<CountFacts>& items, bool is_bytes) {
  if (items.empty()) return "";
  std::string text = std::string("\n") + title + "\n";
  std::size_t width = 0;
  for (const CountFacts& item : items) width = std::max(width, item.name.size());
  for (const CountFacts& item : items) {
    text += "  " + left(item.name, width) + "  ";
    text +=
        is_bytes ? human_size(item.value) + " (" + grouped_digits(item.value) + " bytes)" : grouped_digits(item.value);
    text += "\n";
  }
  return text;
}

std::string basis_text(OwnerBasis basis) {
  switch (basis) {
    case OwnerBasis::provenance:
      return "the image's own provenance.json";
    case OwnerBasis::feed:
      return "a feed that has the same path and SHA-256";
    case OwnerBasis::component_store:
      return "names in the component store";
    case OwnerBasis::version_resource:
      return "version resources";
    case OwnerBasis::path:
      return "folders of programs";
    case OwnerBasis::none:
      break;
  }
  return "nobody";
}

}  // namespace

std::string owners_text(const ImageFacts& facts) {
  std::map<OwnerBasis, std::uint64_t> files;
  for (const FileFacts& file : facts.files) ++files[facts.owners[file.owner].basis];
  std::string text;
  for (const auto& [basis, count] : files) {
    text += (text.empty() ? "" : "; ") + basis_text(basis) + " (" + grouped_digits(count) + " files)";
  }
  return "owners from " + (text.empty() ? "nobody" : text);
}

std::string allocated_text(const ImageFacts& facts) {
  const std::string cluster = grouped_digits(facts.cluster_size);
  return facts.allocated_is_measured ? "allocated: measured, the volume's own clusters of " + cluster + " bytes"
                                     : "allocated: computed for NTFS with clusters of " + cluster + " bytes";
}

std::string print_size_report(const SizeReport& report, const RowLimits& limits) {
  const ImageFacts& facts = report.facts;
  std::string text = printable(report.image) + ": " + printable(facts.format);
  if (!facts.tag.empty()) text += ", " + printable(facts.tag);
  if (!facts.os_version.empty()) text += ", Windows " + printable(facts.os_version);
  text += "\n" + owners_text(facts) + "\n" + allocated_text(facts) + "\n";
  for (std::size_t i = 0; i < facts.feeds.size(); ++i) {
    text += (i == 0 ? "made from feed " : ", ") + printable(facts.feeds[i].name + " " + facts.feeds[i].version);
  }
  text += facts.feeds.empty() ? "\n" : "\n\n";
  Table table(report, limits);
  table.add(report.root, 0);
  text += table.text();
  text += list_text("component store (what DISM's AnalyzeComponentStore would say)", facts.component_store, true);
  if (report.comparison) {
    text += comparison_text(*report.comparison);
  } else {
    text += list_text("counts", facts.counts, false);
  }
  if (!facts.warnings.empty()) text += "\n" + grouped_digits(facts.warnings.size()) + " warnings\n";
  for (const std::string& warning : facts.warnings) text += "  " + printable(warning) + "\n";
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

}  // namespace winnow
