// The JSON form of a history's reports, schema "winnow-history-1".
#pragma once

#include "base/json.hpp"
#include "size_analyzer/history/history_report.hpp"

namespace winnow {

[[nodiscard]] Json overview_json(const std::vector<SeriesGrowth>& growths, const HistoryView& view);
[[nodiscard]] Json builds_json(const SeriesGrowth& growth, const std::vector<std::string>& notes,
                               const HistoryView& view);
[[nodiscard]] Json check_json(const std::vector<CheckedBuild>& builds, const HistoryView& view);
[[nodiscard]] Json blames_json(const std::vector<ComponentBlame>& blames, const HistoryView& view);

}  // namespace winnow
