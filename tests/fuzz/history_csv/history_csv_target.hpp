// Sizes that somebody else recorded, read and used: for the fuzzer and for the replay of its corpus.
#pragma once

#include <map>

#include "size_analyzer/history/growth.hpp"
#include "size_analyzer/history/history_csv.hpp"
#include "size_analyzer/history/history_report.hpp"

namespace winnow::testing {

// Whether `bytes` are recorded sizes. Their growth is measured and printed.
inline bool read_recorded_sizes(ByteView bytes) {
  const auto records = parse_history_csv(as_text(bytes), "input");
  if (!records) return false;
  std::map<std::string, HistorySeriesBuilds> series;
  for (const BuildRecord& record : *records) {
    series[record.series].name = record.series;
    series[record.series].builds.push_back({0, record});
  }
  std::vector<HistorySeriesBuilds> all;
  for (auto& [name, one] : series) all.push_back(std::move(one));
  const auto growths = measure_growth(all, Measure::logical, {});
  if (!growths) __builtin_trap();
  for (const SeriesGrowth& growth : *growths) {
    (void)print_builds(growth, std::vector<std::string>(growth.steps.size()), {});
  }
  (void)print_overview(*growths, {});
  return true;
}

}  // namespace winnow::testing
