#include "size_analyzer/history/history_page.hpp"

#include <algorithm>
#include <map>

#include "size_analyzer/history/history_report.hpp"
#include "size_analyzer/history/history_time.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

// The builds of all series by label, in the order of the oldest build that has the label.
std::map<std::string, std::size_t> place_builds(const std::vector<SeriesGrowth>& growths, HistoryPage& page) {
  std::map<std::int64_t, const BuildRecord*> in_order;
  std::map<std::string, std::int64_t> oldest;
  for (const SeriesGrowth& growth : growths) {
    for (const StoredBuild& build : growth.series->builds) {
      const auto [place, is_new] = oldest.emplace(build.record.label, build.id);
      if (!is_new && place->second > build.id) in_order.erase(place->second);
      if (!is_new && place->second < build.id) continue;
      place->second = build.id;
      in_order[build.id] = &build.record;
    }
  }
  bool have_dates = true;
  for (const auto& [id, record] : in_order) have_dates = have_dates && record->time.has_value();
  std::map<std::string, std::size_t> places;
  for (const auto& [id, record] : in_order) {
    places[record->label] = page.builds.size();
    page.builds.push_back({record->label, have_dates ? print_build_time(*record->time) : ""});
  }
  return places;
}

// A mark where something is to be seen; nothing where nothing is.
void mark(const BuildRecord& record, const GrowthStep& step, std::size_t series, std::size_t build, HistoryPage& page) {
  if (!step.is_regression && step.cause != GrowthCause::base_moved) return;
  std::string text = signed_size(step.change) + " (" + signed_percent(step.change, *step.before) + ")";
  if (const std::string because = cause_text(step, record); !because.empty()) text += ": " + because;
  page.marks.push_back({series, build, step.is_regression, std::move(text)});
}

}  // namespace

HistoryPage plan_history_page(const std::vector<SeriesGrowth>& growths, const std::string& title, Measure measure) {
  HistoryPage page;
  page.title = title;
  const auto places = place_builds(growths, page);
  bool is_imported = false;
  std::size_t builds = 0;
  for (const SeriesGrowth& growth : growths) {
    HistorySeries line{growth.series->name, "image", std::vector<std::optional<Sizes>>(page.builds.size())};
    for (std::size_t i = 0; i < growth.steps.size(); ++i) {
      const BuildRecord& record = growth.series->builds[i].record;
      const std::size_t place = places.at(record.label);
      line.points[place] = record.total;
      mark(record, growth.steps[i], page.series.size(), place, page);
      is_imported = is_imported || record.is_imported;
      ++builds;
    }
    page.series.push_back(std::move(line));
  }
  page.measures = {measure};
  for (const Measure other : {Measure::logical, Measure::stored, Measure::allocated}) {
    if (other != measure && !is_imported) page.measures.push_back(other);
  }
  page.source = grouped_digits(growths.size()) + " series, " + grouped_digits(builds) + " builds";
  return page;
}

}  // namespace winnow
