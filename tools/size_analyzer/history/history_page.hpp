// A history as the data of its page (html_page.hpp): a line for each series, a mark for each regression and each
// movement of a base.
#pragma once

#include <string>
#include <vector>

#include "size_analyzer/history/growth.hpp"
#include "size_analyzer/html_page.hpp"

namespace winnow {

// The builds of all series on one axis: by label, in the order in which they were added.
[[nodiscard]] HistoryPage plan_history_page(const std::vector<SeriesGrowth>& growths, const std::string& title,
                                            Measure measure);

}  // namespace winnow
