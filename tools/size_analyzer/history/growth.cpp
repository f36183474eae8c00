#include "size_analyzer/history/growth.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace winnow {

namespace {

constexpr std::size_t kFewestAlike = 3;  // series that make a base's movement
constexpr std::size_t kFewestBases = 2;  // bases that make a product's movement
constexpr std::int64_t kTolerance = 4;   // alike: within a quarter of the median

// A step with its place, while steps of one label are compared.
struct Place {
  const BuildRecord* record = nullptr;
  GrowthStep* step = nullptr;
};

// The lower median of the changes of those that moved; 0 when none did.
std::int64_t median_change(const std::vector<Place>& places) {
  std::vector<std::int64_t> changes;
  for (const Place& place : places) {
    if (place.step->change != 0) changes.push_back(place.step->change);
  }
  if (changes.empty()) return 0;
  const auto middle = changes.begin() + (std::ssize(changes) - 1) / 2;
  std::nth_element(changes.begin(), middle, changes.end());
  return *middle;
}

bool same_direction(std::int64_t a, std::int64_t b) { return (a > 0 && b > 0) || (a < 0 && b < 0); }

bool is_alike(std::int64_t change, std::int64_t median) {
  return same_direction(change, median) && std::abs(change - median) <= std::abs(median) / kTolerance;
}

// Steps of one label on one base: a movement that most share is the base's.
void split_base(const std::vector<Place>& places) {
  const std::int64_t median = median_change(places);
  const auto alike = static_cast<std::size_t>(std::count_if(
      places.begin(), places.end(), [&](const Place& place) { return is_alike(place.step->change, median); }));
  if (median == 0 || alike < kFewestAlike || 2 * alike < places.size()) return;
  for (const Place& place : places) {
    GrowthStep& step = *place.step;
    if (!same_direction(step.change, median)) continue;
    step.cause = GrowthCause::base_moved;
    step.base_change = median;
    step.own_change = step.change - median;
    step.moved_together = alike;
    step.moved_of = places.size();
  }
}

// Steps of one label of one product, each on another base: those no base explains.
void name_product(const std::vector<Place>& places) {
  for (const std::int64_t sign : {1, -1}) {
    const auto moved = [&](const Place& place) {
      return place.step->cause == GrowthCause::own && same_direction(place.step->change, sign);
    };
    const auto together = static_cast<std::size_t>(std::count_if(places.begin(), places.end(), moved));
    if (together < kFewestBases || 2 * together < places.size()) continue;
    for (const Place& place : places) {
      if (!moved(place)) continue;
      place.step->cause = GrowthCause::product_moved;
      place.step->moved_together = together;
      place.step->moved_of = places.size();
    }
  }
}

void find_causes(std::vector<SeriesGrowth>& all) {
  std::map<std::pair<std::string, std::string>, std::vector<Place>> by_base;     // label, base
  std::map<std::pair<std::string, std::string>, std::vector<Place>> by_product;  // label, product
  for (SeriesGrowth& growth : all) {
    for (std::size_t i = 0; i < growth.steps.size(); ++i) {
      const BuildRecord& record = growth.series->builds[i].record;
      GrowthStep& step = growth.steps[i];
      if (!step.before) continue;
      if (step.change != 0) step.cause = GrowthCause::own;
      if (!record.base.empty()) by_base[{record.label, record.base}].push_back({&record, &step});
      if (!record.base.empty()) by_product[{record.label, record.product}].push_back({&record, &step});
    }
  }
  for (const auto& [key, places] : by_base) split_base(places);
  for (const auto& [key, places] : by_product) name_product(places);
}

void find_regressions(SeriesGrowth& growth, const GrowthThreshold& threshold) {
  std::vector<std::int64_t> earlier;
  for (GrowthStep& step : growth.steps) {
    if (!step.before) continue;
    // An image that became smaller is none, whatever its base gave back.
    const std::int64_t counted = threshold.with_base ? step.change : std::min(step.change, step.own_change);
    const double allowed = static_cast<double>(*step.before) * threshold.percent / 100;
    const bool is_unusual = !threshold.percentile || earlier.size() < threshold.percentile_history ||
                            counted > percentile_of(earlier, *threshold.percentile);
    step.is_regression = counted > 0 && static_cast<ByteCount>(counted) > threshold.bytes &&
                         static_cast<double>(counted) > allowed && is_unusual;
    earlier.push_back(std::max<std::int64_t>(counted, 0));
  }
}

}  // namespace

std::string_view to_string(GrowthCause cause) {
  switch (cause) {
    case GrowthCause::none:
      break;
    case GrowthCause::base_moved:
      return "base moved";
    case GrowthCause::product_moved:
      return "image moved on several bases";
    case GrowthCause::own:
      return "own";
  }
  return "";
}

std::int64_t percentile_of(std::vector<std::int64_t> numbers, double percentile) {
  if (numbers.empty()) return 0;
  std::sort(numbers.begin(), numbers.end());
  const double rank = std::ceil(percentile / 100 * static_cast<double>(numbers.size()));
  const auto place = static_cast<std::size_t>(std::clamp(rank, 1.0, static_cast<double>(numbers.size())));
  return numbers[place - 1];
}

Result<std::vector<SeriesGrowth>> measure_growth(const std::vector<HistorySeriesBuilds>& series, Measure measure,
                                                 const GrowthThreshold& threshold) {
  std::vector<SeriesGrowth> all;
  for (const HistorySeriesBuilds& one : series) {
    SeriesGrowth growth{&one, {}};
    std::optional<ByteCount> before;
    for (const StoredBuild& build : one.builds) {
      if (build.record.is_imported && measure != Measure::logical) {
        return fail("cannot show " + one.name + " in " + std::string(to_string(measure)) +
                    " bytes: it was imported, only its logical size is known");
      }
      GrowthStep step;
      step.before = before;
      step.now = value_of(build.record.total, measure);
      if (before) step.change = static_cast<std::int64_t>(step.now) - static_cast<std::int64_t>(*before);
      step.own_change = step.change;
      before = step.now;
      growth.steps.push_back(step);
    }
    all.push_back(std::move(growth));
  }
  find_causes(all);
  for (SeriesGrowth& growth : all) find_regressions(growth, threshold);
  return all;
}

}  // namespace winnow
