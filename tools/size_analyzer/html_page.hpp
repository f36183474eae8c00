// Reports as one HTML file that needs nothing else: no network, no other file, scripts only by their own digest. The
// page itself (viewer/) is bundled by the build and the same for every report; only the embedded data differ.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

// The treemap, table and counts of one image; with `baseline` also what grew, shrank, is new or gone since that image.
// Appears whole or not at all. Error "cannot write <output>: <reason>".
[[nodiscard]] Result<void> write_size_page(const ImageFacts& facts, const std::optional<ImageFacts>& baseline,
                                           const std::filesystem::path& output);

// One build on the horizontal axis.
struct HistoryBuild {
  std::string label;
  std::string date;  // "2026-11-22" or "2026-11-22T07:30:00Z"; "" = builds are only in order
};

// One line of the chart.
struct HistorySeries {
  std::string name;                          // image or component
  std::string group;                         // what the name is: "image", "component"; lines are listed under it
  std::vector<std::optional<Sizes>> points;  // one a build; nullopt: not in that build
};

// Something to point at: a regression, the build that brought a component.
struct HistoryMark {
  std::size_t series = 0;
  std::size_t build = 0;
  bool is_regression = false;
  std::string text;  // "+441 MB: Microsoft-Windows-Foo is new"
};

struct HistoryPage {
  std::string title;                 // "history.db"
  std::string source;                // one line for people: where the numbers are from; "" for none
  std::vector<Measure> measures;     // those the points have, the first is shown first; never empty
  std::vector<HistoryBuild> builds;  // oldest first; either all have dates or none
  std::vector<HistorySeries> series;
  std::vector<HistoryMark> marks;
};

// Precondition: every series has as many points as there are builds, and marks point at them.
[[nodiscard]] Result<void> write_history_page(const HistoryPage& history, const std::filesystem::path& output);

}  // namespace winnow
