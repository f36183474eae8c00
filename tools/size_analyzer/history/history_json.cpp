#include "size_analyzer/history/history_json.hpp"

#include "size_analyzer/history/history_time.hpp"

namespace winnow {

namespace {

Json head_json(const HistoryView& view) {
  Json threshold = {{"percent", view.threshold.percent}, {"bytes", view.threshold.bytes}};
  if (view.threshold.percentile) {
    threshold["percentile"] = *view.threshold.percentile;
    threshold["percentileHistory"] = view.threshold.percentile_history;
  }
  threshold["withBase"] = view.threshold.with_base;
  return {{"schema", kHistoryReportSchema},
          {"history", view.history},
          {"measure", to_string(view.measure)},
          {"threshold", threshold}};
}

Json build_json(const BuildRecord& record, const GrowthStep& step, const std::string& note) {
  Json json = {{"label", record.label}};
  if (record.time) json["time"] = print_build_time(*record.time);
  json["bytes"] = step.now;
  if (step.before) {
    json["change"] = step.change;
    json["baseChange"] = step.base_change;
    json["ownChange"] = step.own_change;
    json["cause"] = to_string(step.cause);
    if (step.moved_of > 0) json["movedTogether"] = Json::array({step.moved_together, step.moved_of});
    json["isRegression"] = step.is_regression;
  }
  if (!note.empty()) json["note"] = note;
  return json;
}

Json series_json(const SeriesGrowth& growth, const std::vector<std::string>& notes) {
  Json builds = Json::array();
  for (std::size_t i = 0; i < growth.steps.size(); ++i) {
    builds.push_back(build_json(growth.series->builds[i].record, growth.steps[i], notes.empty() ? "" : notes[i]));
  }
  Json json = {{"name", growth.series->name}};
  const std::string& base = growth.series->builds.back().record.base;
  if (!base.empty()) json["base"] = base;
  json["builds"] = builds;
  return json;
}

Json event_json(const BlameEvent& event) {
  Json json = {{"what", to_string(event.kind)}, {"label", event.label}};
  if (event.time) json["time"] = print_build_time(*event.time);
  json["version"] = event.version;
  json["before"] = event.before;
  json["now"] = event.now;
  json["causes"] = event.causes;
  if (!event.reason.empty()) json["reason"] = event.reason;
  return json;
}

}  // namespace

Json overview_json(const std::vector<SeriesGrowth>& growths, const HistoryView& view) {
  Json json = head_json(view);
  json["series"] = Json::array();
  for (const SeriesGrowth& growth : growths) json["series"].push_back(series_json(growth, {}));
  return json;
}

Json builds_json(const SeriesGrowth& growth, const std::vector<std::string>& notes, const HistoryView& view) {
  Json json = head_json(view);
  json["series"] = Json::array({series_json(growth, notes)});
  return json;
}

Json check_json(const std::vector<CheckedBuild>& builds, const HistoryView& view) {
  Json json = head_json(view);
  bool is_over = false;
  Json checked = Json::array();
  for (const CheckedBuild& build : builds) {
    const GrowthStep& step = build.growth->steps[build.build];
    Json one = {{"series", build.growth->series->name}};
    one.update(build_json(build.growth->series->builds[build.build].record, step, build.note));
    checked.push_back(std::move(one));
    is_over = is_over || step.is_regression;
  }
  json["isOver"] = is_over;
  json["builds"] = checked;
  return json;
}

Json blames_json(const std::vector<ComponentBlame>& blames, const HistoryView& view) {
  Json json = head_json(view);
  json["components"] = Json::array();
  for (const ComponentBlame& blame : blames) {
    Json events = Json::array();
    for (const BlameEvent& event : blame.events) events.push_back(event_json(event));
    json["components"].push_back({{"series", blame.series},
                                  {"component", blame.component},
                                  {"builds", blame.builds},
                                  {"newest", blame.newest},
                                  {"events", events}});
  }
  return json;
}

}  // namespace winnow
