// How the builds of a history grew, and what of it is a growth to act on.
//
// Growth has a cause. A base image that moves takes every image on it along by nearly the same number of bytes, so
// where most series of one base move together that common part is the base's, and only the rest is the image's own. The
// same image growing on several bases at once is named too, but that growth is its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "size_analyzer/history/history_database.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

// A build is a regression when its own growth exceeds all of these. The defaults are calibrated on 2,508 recorded sizes
// (tests/bench/calibrate_history.py).
struct GrowthThreshold {
  double percent = 2;                   // of the build before
  ByteCount bytes = 100'000;            //
  std::optional<double> percentile;     // of the growths the series had so far, shrinking and staying counted as 0
  std::size_t percentile_history = 20;  // it counts from this many builds before on
  bool with_base = false;               // the base's part counts as well
};

enum class GrowthCause {
  none,           // first build, or nothing changed
  base_moved,     // most series on this base moved alike
  product_moved,  // the same image grew or shrank on several bases
  own,
};
[[nodiscard]] std::string_view to_string(GrowthCause cause);  // "base moved"

// From one build of a series to the next. The first build has no `before` and no change.
struct GrowthStep {
  std::optional<ByteCount> before;
  ByteCount now = 0;
  std::int64_t change = 0;
  std::int64_t base_change = 0;  // of `change`, what the base brought
  std::int64_t own_change = 0;   // the rest
  GrowthCause cause = GrowthCause::none;
  std::size_t moved_together = 0;  // series on the base, or bases of the product, that moved alike …
  std::size_t moved_of = 0;        // … of so many with this build
  bool is_regression = false;
};

struct SeriesGrowth {
  const HistorySeriesBuilds* series = nullptr;
  std::vector<GrowthStep> steps;  // one a build
};

// One for each series, in their order. Error "cannot show <series> in stored bytes: it was imported, only its logical
// size is known".
[[nodiscard]] Result<std::vector<SeriesGrowth>> measure_growth(const std::vector<HistorySeriesBuilds>& series,
                                                               Measure measure, const GrowthThreshold& threshold);

// The value at the given percentile (nearest rank) of numbers in any order; 0 when there are none.
[[nodiscard]] std::int64_t percentile_of(std::vector<std::int64_t> numbers, double percentile);

}  // namespace winnow
