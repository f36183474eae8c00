// Tables of a difference for terminals and pull requests.
#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "size_analyzer/diff_views.hpp"
#include "size_analyzer/report_text.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMarkdownCauses = 5;

std::uint64_t amount(std::int64_t change) {
  const auto bits = static_cast<std::uint64_t>(change);
  return change < 0 ? 0 - bits : bits;
}

// The rows with something to say, the largest change first.
template <class Row, class Name>
std::vector<const Row*> largest(const std::vector<Row>& rows, Measure measure, const Name& name) {
  std::vector<const Row*> sorted;
  for (const Row& row : rows) {
    if (change_of(row, measure) != Change::same) sorted.push_back(&row);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Row* a, const Row* b) {
    const std::uint64_t first = amount(value_of(a->change(), measure));
    const std::uint64_t second = amount(value_of(b->change(), measure));
    return first != second ? first > second : name(*a) < name(*b);
  });
  return sorted;
}

std::string mark_of(Change change) {
  switch (change) {
    case Change::appeared:
      return "+";
    case Change::vanished:
      return "-";
    case Change::moved:
      return ">";
    case Change::grew:
    case Change::shrank:
      return "~";
    case Change::same:
      break;
  }
  return " ";
}

std::vector<std::string> size_cells(const BeforeAfter& row, Measure measure) {
  const ByteCount before = value_of(row.before, measure);
  const std::int64_t change = value_of(row.change(), measure);
  return {grouped_digits(before), grouped_digits(value_of(row.after, measure)), signed_digits(change),
          percent_text(before, change)};
}

std::vector<std::string> joined(std::vector<std::string> cells, const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
  return cells;
}

std::string more_text(std::size_t shown, std::size_t all) {
  return shown < all ? "  and " + grouped_digits(all - shown) + " more\n" : "";
}

std::size_t limited(std::size_t count, std::size_t top) { return top == 0 ? count : std::min(count, top); }

TextTable totals_table(const FactsDiff& diff, const std::string& first) {
  TextTable table({first, ">old", ">new", ">difference", ">"});
  const BeforeAfter totals{diff.before, diff.after};
  for (const Measure measure : {Measure::logical, Measure::allocated, Measure::stored}) {
    table.add(joined({std::string(to_string(measure))}, size_cells(totals, measure)));
  }
  const auto change = static_cast<std::int64_t>(diff.after_normalised - diff.before_normalised);
  table.add({"normalised", grouped_digits(diff.before_normalised), grouped_digits(diff.after_normalised),
             signed_digits(change), percent_text(diff.before_normalised, change)});
  return table;
}

std::string came_and_went(std::uint64_t appeared, std::uint64_t vanished) {
  if (appeared == 0 && vanished == 0) return "";
  return "+" + grouped_digits(appeared) + " -" + grouped_digits(vanished);
}

struct RowCounts {
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  std::uint64_t appeared = 0;
  std::uint64_t vanished = 0;
};

void add_counts(TextTable& table, const std::string& name, const RowCounts& counts) {
  table.add({name, grouped_digits(counts.before), grouped_digits(counts.after),
             signed_digits(static_cast<std::int64_t>(counts.after - counts.before)),
             came_and_went(counts.appeared, counts.vanished)});
}

std::string counts_text(const FactsDiff& diff) {
  RowCounts files;
  RowCounts components;
  for (const OwnerDiff& owner : diff.owners) {
    files.before += owner.before_files;
    files.after += owner.after_files;
    files.appeared += owner.files_appeared;
    files.vanished += owner.files_vanished;
    if (owner.kind != OwnerType::component) continue;
    const bool is_before = owner.index.before != kNoMatch;
    const bool is_after = owner.index.after != kNoMatch;
    components.before += is_before ? 1 : 0;
    components.after += is_after ? 1 : 0;
    components.appeared += is_before ? 0 : 1;
    components.vanished += is_after ? 0 : 1;
  }
  TextTable table({"counts", ">old", ">new", ">difference", ">"});
  add_counts(table, "components", components);
  add_counts(table, "file names", files);
  for (const CountDiff& count : diff.counts) {
    const auto number = [](const std::optional<std::uint64_t>& value) {
      return value ? grouped_digits(*value) : std::string("not counted");
    };
    const bool is_both = count.before && count.after;
    table.add({plain_name(count.name), number(count.before), number(count.after),
               is_both ? signed_digits(static_cast<std::int64_t>(*count.after - *count.before)) : "", ""});
  }
  return table.text();
}

std::string causes_text(const ExplainedDiff& explained, const DiffViewOptions& options) {
  const std::vector<CauseRow> rows = largest_causes(explained.causes, options.measure);
  std::string text = "why, " + std::string(to_string(options.measure)) + "\n";
  TextTable table({">difference", "cause", "what", "because"});
  const std::size_t shown = limited(rows.size(), options.top);
  for (const CauseRow& kind : largest_causes(sum_cause_kinds(explained.causes), options.measure)) {
    table.add({signed_digits(value_of(kind.change, options.measure)), std::string(to_string(kind.why.cause)),
               "all together", ""});
  }
  for (std::size_t i = 0; i < shown; ++i) {
    table.add({signed_digits(value_of(rows[i].change, options.measure)), std::string(to_string(rows[i].why.cause)),
               plain_name(rows[i].why.subject), plain_name(rows[i].why.reason)});
  }
  return text + table.text() + more_text(shown, rows.size());
}

std::string versions_text(const OwnerDiff& owner) {
  if (owner.before_version == owner.after_version) return plain_name(owner.after_version);
  if (owner.index.before == kNoMatch) return plain_name(owner.after_version);
  if (owner.index.after == kNoMatch) return plain_name(owner.before_version);
  return plain_name(owner.before_version + " -> " + owner.after_version);
}

std::string owners_text(const FactsDiff& diff, const DiffViewOptions& options) {
  const auto rows = largest(diff.owners, options.measure, [](const OwnerDiff& owner) { return owner.name; });
  TextTable table({"", "owner, " + std::string(to_string(options.measure)), "version", ">old", ">new", ">difference",
                   ">", "files"});
  const std::size_t shown = limited(rows.size(), options.top);
  for (std::size_t i = 0; i < shown; ++i) {
    const OwnerDiff& owner = *rows[i];
    table.add(joined(joined({mark_of(change_of(owner, options.measure)),
                             std::string(to_string(owner.kind)) + " " + plain_name(owner.name), versions_text(owner)},
                            size_cells(owner, options.measure)),
                     {came_and_went(owner.files_appeared, owner.files_vanished)}));
  }
  return table.text() + more_text(shown, rows.size());
}

std::string file_text(const FileDiff& file) {
  const bool is_moved =
      file.index.before != kNoMatch && file.index.after != kNoMatch && file.before_path != file.after_path;
  return is_moved ? plain_name(file.before_path) + " -> " + plain_name(file.after_path) : plain_name(file.path());
}

std::string files_text(const FactsDiff& diff, const DiffViewOptions& options) {
  const auto rows = largest(diff.files, options.measure, [](const FileDiff& file) { return file.path(); });
  TextTable table({"", "file, " + std::string(to_string(options.measure)), "kind", ">old", ">new", ">difference", ">"});
  const std::size_t shown = limited(rows.size(), options.top);
  for (std::size_t i = 0; i < shown; ++i) {
    table.add(joined(
        {mark_of(change_of(*rows[i], options.measure)), file_text(*rows[i]), std::string(to_string(rows[i]->kind))},
        size_cells(*rows[i], options.measure)));
  }
  return table.text() + more_text(shown, rows.size()) + "  " + grouped_digits(diff.same_files) +
         " files are the same\n";
}

std::string kinds_text(const FactsDiff& diff, Measure measure) {
  TextTable table({"kind, " + std::string(to_string(measure)), ">old", ">new", ">difference", ">"});
  for (const KindDiff& kind : diff.kinds) {
    if (value_of(kind.before, measure) == 0 && value_of(kind.after, measure) == 0) continue;
    table.add(joined({std::string(to_string(kind.kind))}, size_cells(kind, measure)));
  }
  return table.text();
}

}  // namespace

std::vector<CauseRow> largest_causes(const std::vector<CauseRow>& causes, Measure measure) {
  std::vector<CauseRow> rows;
  for (const CauseRow& row : causes) {
    if (value_of(row.change, measure) != 0) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const CauseRow& a, const CauseRow& b) {
    const std::uint64_t first = amount(value_of(a.change, measure));
    const std::uint64_t second = amount(value_of(b.change, measure));
    if (first != second) return first > second;
    return std::tie(a.why.cause, a.why.subject, a.why.reason) < std::tie(b.why.cause, b.why.subject, b.why.reason);
  });
  return rows;
}

std::string print_diff(const ExplainedDiff& explained, const DiffViewOptions& options) {
  const FactsDiff& diff = explained.diff;
  return plain_name(diff.before_name) + " -> " + plain_name(diff.after_name) + "\n\n" +
         totals_table(diff, "total").text() + "\n" + kinds_text(diff, options.measure) + "\n" + counts_text(diff) +
         "\n" + causes_text(explained, options) + "\n" + owners_text(diff, options) + "\n" + files_text(diff, options) +
         "\n+ new  - gone  ~ grew or shrank  > moved\n";
}

std::string print_diff_markdown(const ExplainedDiff& explained, const DiffViewOptions& options) {
  const FactsDiff& diff = explained.diff;
  const std::int64_t change = value_of(change_of(diff.before, diff.after), options.measure);
  const std::string verdict = change == 0 ? "has the same size" : change > 0 ? "grew" : "shrank";
  std::string text = "### " + markdown_code(diff.after_name) + " " + verdict;
  if (change != 0) {
    text += " by " + human_size(amount(change)) + " " + std::string(to_string(options.measure));
    const std::string percent = percent_text(value_of(diff.before, options.measure), change);
    if (percent != "new") text += " (" + percent + ")";
  }
  text += "\n\nCompared with " + markdown_code(diff.before_name) + ".\n\n" + totals_table(diff, "bytes").markdown();
  const std::vector<CauseRow> rows = largest_causes(explained.causes, options.measure);
  if (rows.empty()) return text;
  const std::size_t shown = std::min(rows.size(), kMarkdownCauses);
  TextTable table({">" + std::string(to_string(options.measure)), "cause", "what", "because"});
  for (std::size_t i = 0; i < shown; ++i) {
    table.add({signed_digits(value_of(rows[i].change, options.measure)), std::string(to_string(rows[i].why.cause)),
               markdown_code(rows[i].why.subject), markdown_code(rows[i].why.reason)});
  }
  text += "\n" + table.markdown();
  if (shown < rows.size()) text += "\nand " + grouped_digits(rows.size() - shown) + " smaller causes.\n";
  return text;
}

}  // namespace winnow
