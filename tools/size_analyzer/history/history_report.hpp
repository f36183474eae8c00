// A history for people and programs: all series at a glance, one series build by build, what a build grew, the story of
// a component. Text fits a terminal; JSON is of schema "winnow-history-1", CSV has plain numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "size_analyzer/history/component_blame.hpp"
#include "size_analyzer/history/growth.hpp"
#include "size_analyzer/history/history_database.hpp"

namespace winnow {

inline constexpr std::string_view kHistoryReportSchema = "winnow-history-1";

enum class HistoryFormat { text, json, csv, markdown };

struct HistoryView {
  std::string history;  // the database's name
  Measure measure = Measure::logical;
  GrowthThreshold threshold;
  HistoryFormat format = HistoryFormat::text;
  std::size_t width = 100;  // of the terminal; 0 = any
};

// What changed from each build to the next besides its size: manifest, feeds, and for regressions the owners that grew
// most. "" where nothing is known.
[[nodiscard]] Result<std::vector<std::string>> step_notes(const HistoryDatabase& history, const SeriesGrowth& growth,
                                                          Measure measure);

// One build of one series, as `winnow history check` looks at it.
struct CheckedBuild {
  const SeriesGrowth* growth = nullptr;
  std::size_t build = 0;
  std::string note;  // of step_notes()
};
// The build `label` of every series that has it, or the newest build of every series when `label` is empty. Error
// "cannot check build <label>: <history> has no build of that label".
[[nodiscard]] Result<std::vector<CheckedBuild>> find_builds(const HistoryDatabase& history,
                                                            const std::vector<SeriesGrowth>& growths,
                                                            const std::string& label, Measure measure);

[[nodiscard]] std::string print_overview(const std::vector<SeriesGrowth>& growths, const HistoryView& view);
[[nodiscard]] std::string print_builds(const SeriesGrowth& growth, const std::vector<std::string>& notes,
                                       const HistoryView& view);
[[nodiscard]] std::string print_check(const std::vector<CheckedBuild>& builds, const HistoryView& view);
[[nodiscard]] std::string print_blames(const std::vector<ComponentBlame>& blames, const HistoryView& view);

// "+1.2 MB", "-3.4 GB", "0"; and "+14.5 %", "" of nothing.
[[nodiscard]] std::string signed_size(std::int64_t change);
[[nodiscard]] std::string signed_percent(std::int64_t change, ByteCount before);
// "base moved: 9 of 9 series on windowsservercore-ltsc2022/amd64, +765.0 MB, own +1.2 MB"; "" of a step with no change.
[[nodiscard]] std::string cause_text(const GrowthStep& step, const BuildRecord& record);

}  // namespace winnow
