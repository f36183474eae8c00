#include "size_analyzer/history/history_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "size_analyzer/history/history_json.hpp"
#include "size_analyzer/history/history_table.hpp"
#include "size_analyzer/history/history_time.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

constexpr std::size_t kSparkWidth = 24;
constexpr std::size_t kBarWidth = 12;

std::string short_number(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", number);
  return text.data();
}

std::string threshold_text(const GrowthThreshold& threshold) {
  std::string text = threshold.with_base ? "growth over " : "own growth over ";
  text += short_number(threshold.percent) + " % and " + human_size(threshold.bytes);
  if (!threshold.percentile) return text;
  return text + " and the " + short_number(*threshold.percentile) +
         "th percentile of its own growths, once there are " + std::to_string(threshold.percentile_history);
}

std::string plural(std::size_t count, const std::string& noun, const std::string& many) {
  return grouped_digits(count) + " " + (count == 1 ? noun : many);
}

std::string time_of(const BuildRecord& record) { return record.time ? print_build_time(*record.time) : ""; }

// A table with what stands above it; in Markdown as a paragraph, in CSV not at all.
std::string print(const std::string& head, const HistoryTable& table, const HistoryView& view) {
  if (view.format == HistoryFormat::csv) return print_csv(table);
  if (view.format == HistoryFormat::markdown) return head + "\n\n" + print_markdown(table);
  return head + "\n\n" + print_text(table, view.width);
}

std::size_t regressions(const SeriesGrowth& growth) {
  return static_cast<std::size_t>(std::count_if(growth.steps.begin(), growth.steps.end(),
                                                [](const GrowthStep& step) { return step.is_regression; }));
}

HistoryTable overview_numbers(const std::vector<SeriesGrowth>& growths) {
  HistoryTable table{{{"series"}, {"builds"}, {"newest label"}, {"first bytes"}, {"newest bytes"}, {"regressions"}},
                     {}};
  for (const SeriesGrowth& growth : growths) {
    table.rows.push_back({growth.series->name, std::to_string(growth.steps.size()),
                          growth.series->builds.back().record.label, std::to_string(growth.steps.front().now),
                          std::to_string(growth.steps.back().now), std::to_string(regressions(growth))});
  }
  return table;
}

HistoryTable overview_table(const std::vector<SeriesGrowth>& growths) {
  HistoryTable table{{{"series", false, true},
                      {"builds", true},
                      {"newest", true},
                      {"since the first", true},
                      {"", true},
                      {"flagged", true},
                      {"trend"}},
                     {}};
  for (const SeriesGrowth& growth : growths) {
    std::vector<std::uint64_t> sizes;
    for (const GrowthStep& step : growth.steps) sizes.push_back(step.now);
    const std::int64_t change = static_cast<std::int64_t>(sizes.back()) - static_cast<std::int64_t>(sizes.front());
    const std::size_t flagged = regressions(growth);
    table.rows.push_back({growth.series->name, std::to_string(sizes.size()), human_size(sizes.back()),
                          signed_size(change), change == 0 ? "" : signed_percent(change, sizes.front()),
                          flagged == 0 ? "" : std::to_string(flagged), sparkline(sizes, kSparkWidth)});
  }
  return table;
}

HistoryTable builds_numbers(const SeriesGrowth& growth, const std::vector<std::string>& notes) {
  HistoryTable table{{{"series"},
                      {"label"},
                      {"time"},
                      {"bytes"},
                      {"change"},
                      {"base change"},
                      {"own change"},
                      {"cause"},
                      {"is regression"},
                      {"note"}},
                     {}};
  for (std::size_t i = 0; i < growth.steps.size(); ++i) {
    const BuildRecord& record = growth.series->builds[i].record;
    const GrowthStep& step = growth.steps[i];
    table.rows.push_back({record.series, record.label, time_of(record), std::to_string(step.now),
                          std::to_string(step.change), std::to_string(step.base_change),
                          std::to_string(step.own_change), std::string(to_string(step.cause)),
                          step.is_regression ? "yes" : "no", notes[i]});
  }
  return table;
}

HistoryTable builds_table(const SeriesGrowth& growth, const std::vector<std::string>& notes) {
  HistoryTable table{{{"date"},
                      {"build", false, true},
                      {"size", true},
                      {"", false},
                      {"change", true},
                      {"", true},
                      {"", false},
                      {"because", false, true, true}},
                     {}};
  ByteCount most = 0;
  for (const GrowthStep& step : growth.steps) most = std::max(most, step.now);
  for (std::size_t i = 0; i < growth.steps.size(); ++i) {
    const BuildRecord& record = growth.series->builds[i].record;
    const GrowthStep& step = growth.steps[i];
    std::string because = cause_text(step, record);
    if (!notes[i].empty()) because += (because.empty() ? "" : "; ") + notes[i];
    table.rows.push_back({time_of(record), record.label, human_size(step.now), bar(step.now, most, kBarWidth),
                          step.change == 0 ? "" : signed_size(step.change),
                          step.change == 0 ? "" : signed_percent(step.change, *step.before),
                          step.is_regression ? "!" : "", because});
  }
  return table;
}

bool is_quiet(const CheckedBuild& build) {
  const GrowthStep& step = build.growth->steps[build.build];
  return step.before && step.change == 0 && build.note.empty();
}

// What is over first; without those where nothing changed.
std::vector<CheckedBuild> sorted_for_people(std::vector<CheckedBuild> builds) {
  std::erase_if(builds, is_quiet);
  std::stable_partition(builds.begin(), builds.end(),
                        [](const CheckedBuild& build) { return build.growth->steps[build.build].is_regression; });
  return builds;
}

HistoryTable check_table(const std::vector<CheckedBuild>& builds) {
  HistoryTable table{
      {{""}, {"series", false, true}, {"size", true}, {"change", true}, {"", true}, {"because", false, true, true}},
      {}};
  for (const CheckedBuild& build : sorted_for_people(builds)) {
    const GrowthStep& step = build.growth->steps[build.build];
    std::string because = cause_text(step, build.growth->series->builds[build.build].record);
    if (!step.before) because = "first build";
    if (!build.note.empty()) because += (because.empty() ? "" : "; ") + build.note;
    table.rows.push_back({step.is_regression ? "OVER" : "ok", build.growth->series->name, human_size(step.now),
                          step.change == 0 ? "" : signed_size(step.change),
                          step.change == 0 ? "" : signed_percent(step.change, *step.before), because});
  }
  return table;
}

HistoryTable check_numbers(const std::vector<CheckedBuild>& builds) {
  HistoryTable table;
  for (const CheckedBuild& build : builds) {
    std::vector<std::string> notes(build.growth->steps.size());
    notes[build.build] = build.note;
    HistoryTable all = builds_numbers(*build.growth, notes);
    table.columns = all.columns;
    table.rows.push_back(std::move(all.rows[build.build]));
  }
  return table;
}

HistoryTable blame_table(const ComponentBlame& blame, bool is_plain) {
  HistoryTable table{{{"date"},
                      {"build", false, true},
                      {"what"},
                      {"version"},
                      {"size", true},
                      {"change", true},
                      {"because", false, true, true}},
                     {}};
  for (const BlameEvent& event : blame.events) {
    std::string because;
    for (const std::string& cause : event.causes) because += (because.empty() ? "" : "; ") + cause;
    const bool says_why = event.kind == BlameKind::first || event.kind == BlameKind::brought;
    if (says_why && !event.reason.empty()) because += (because.empty() ? "" : "; ") + event.reason;
    const auto change = static_cast<std::int64_t>(event.now) - static_cast<std::int64_t>(event.before);
    table.rows.push_back({event.time ? print_build_time(*event.time) : "", event.label,
                          std::string(to_string(event.kind)), event.version,
                          is_plain ? std::to_string(event.now) : human_size(event.now),
                          is_plain ? std::to_string(change) : signed_size(change), because});
  }
  return table;
}

}  // namespace

std::string signed_size(std::int64_t change) {
  if (change == 0) return "0";
  return (change > 0 ? "+" : "-") + human_size(static_cast<ByteCount>(std::abs(change)));
}

std::string signed_percent(std::int64_t change, ByteCount before) {
  if (before == 0) return "";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%+.1f %%", 100 * static_cast<double>(change) / static_cast<double>(before));
  return text.data();
}

std::string cause_text(const GrowthStep& step, const BuildRecord& record) {
  const std::string together = std::to_string(step.moved_together) + " of " + std::to_string(step.moved_of);
  if (step.cause == GrowthCause::base_moved) {
    std::string text = "base moved: " + together + " series on " + record.base + ", " + signed_size(step.base_change);
    if (step.own_change != 0) text += ", own " + signed_size(step.own_change);
    return text;
  }
  if (step.cause == GrowthCause::product_moved) return "moved on " + together + " bases";
  return "";
}

std::string print_overview(const std::vector<SeriesGrowth>& growths, const HistoryView& view) {
  if (view.format == HistoryFormat::json) return overview_json(growths, view).dump(2) + "\n";
  std::size_t builds = 0;
  for (const SeriesGrowth& growth : growths) builds += growth.steps.size();
  const std::string head = view.history + ": " + plural(growths.size(), "series", "series") + ", " +
                           plural(builds, "build", "builds") + "; " + std::string(to_string(view.measure)) +
                           " bytes; flagged: " + threshold_text(view.threshold);
  return print(head, view.format == HistoryFormat::csv ? overview_numbers(growths) : overview_table(growths), view);
}

std::string print_builds(const SeriesGrowth& growth, const std::vector<std::string>& notes, const HistoryView& view) {
  if (view.format == HistoryFormat::json) return builds_json(growth, notes, view).dump(2) + "\n";
  const std::string head = growth.series->name + ": " + plural(growth.steps.size(), "build", "builds") + "; " +
                           std::string(to_string(view.measure)) + " bytes; !: " + threshold_text(view.threshold);
  return print(head, view.format == HistoryFormat::csv ? builds_numbers(growth, notes) : builds_table(growth, notes),
               view);
}

std::string print_check(const std::vector<CheckedBuild>& builds, const HistoryView& view) {
  if (view.format == HistoryFormat::json) return check_json(builds, view).dump(2) + "\n";
  const auto over = std::count_if(builds.begin(), builds.end(), [](const CheckedBuild& build) {
    return build.growth->steps[build.build].is_regression;
  });
  const std::string head = plural(static_cast<std::size_t>(over), "series", "series") + " of " +
                           std::to_string(builds.size()) + " over: " + std::string(to_string(view.measure)) +
                           " bytes, " + threshold_text(view.threshold);
  if (view.format == HistoryFormat::csv) return print_csv(check_numbers(builds));
  const auto quiet = static_cast<std::size_t>(std::count_if(builds.begin(), builds.end(), is_quiet));
  const HistoryTable table = check_table(builds);
  std::string text = table.rows.empty() ? head + "\n" : print(head, table, view);
  if (quiet > 0) text += "\n" + plural(quiet, "series", "series") + " did not change\n";
  return text;
}

std::string print_blames(const std::vector<ComponentBlame>& blames, const HistoryView& view) {
  if (view.format == HistoryFormat::json) return blames_json(blames, view).dump(2) + "\n";
  if (view.format == HistoryFormat::csv) {
    HistoryTable all{{{"series"}, {"component"}}, {}};
    for (const ComponentBlame& blame : blames) {
      const HistoryTable one = blame_table(blame, true);
      if (all.columns.size() == 2) all.columns.insert(all.columns.end(), one.columns.begin(), one.columns.end());
      for (const auto& row : one.rows) {
        all.rows.push_back({blame.series, blame.component});
        all.rows.back().insert(all.rows.back().end(), row.begin(), row.end());
      }
    }
    return print_csv(all);
  }
  std::string text;
  for (const ComponentBlame& blame : blames) {
    const std::string head = blame.component + " in " + blame.series + ": " +
                             (blame.events.back().kind == BlameKind::removed ? "gone" : human_size(blame.newest)) +
                             " after " + plural(blame.builds, "build", "builds") + "; " +
                             std::string(to_string(view.measure)) + " bytes";
    text += (text.empty() ? "" : "\n") + print(head, blame_table(blame, false), view);
  }
  return text;
}

}  // namespace winnow
