#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

Json row_json(const SizeRow& row) {
  Json json = {{"kind", to_string(row.kind)},
               {"name", row.name},
               {"logical", row.sizes.logical},
               {"allocated", row.sizes.allocated},
               {"stored", row.sizes.stored},
               {"shared", row.shared},
               {"files", row.files}};
  if (row.children.empty()) return json;
  Json& children = json["children"] = Json::array();
  for (const SizeRow& child : row.children) children.push_back(row_json(child));
  return json;
}

Json comparison_json(const SizeComparison& comparison) {
  Json measures = Json::array();
  for (const ComparedMeasure& measure : comparison.measures) {
    measures.push_back({{"name", measure.name},
                        {"unit", measure.is_bytes ? "bytes" : "count"},
                        {"image", measure.image},
                        {"baseline", measure.baseline}});
    if (measure.baseline != 0) {
      measures.back()["percent"] = 100.0 * static_cast<double>(measure.image) / static_cast<double>(measure.baseline);
    }
  }
  Json sets = Json::array();
  for (const ComparedSet& set : comparison.sets) {
    sets.push_back(
        {{"name", set.name}, {"onlyImage", set.only_image}, {"both", set.both}, {"onlyBaseline", set.only_baseline}});
  }
  return {{"baseline", comparison.baseline},
          {"measures", std::move(measures)},
          {"sets", std::move(sets)},
          {"outsideFiles", comparison.outside_files},
          {"outsideBytes", comparison.outside_bytes}};
}

Json counts_json(const std::vector<CountFacts>& counts) {
  Json json = Json::object();
  for (const CountFacts& count : counts) json[count.name] = count.value;
  return json;
}

}  // namespace

Result<SizeReport> make_size_report(const std::string& image, ImageFacts facts, const SizeOptions& options) {
  SizeReport report{image, std::move(facts), options, {}, {}};
  report.root = build_size_tree(report.facts, options.axis, options.measure);
  auto checked = check_sums(report.root);
  if (checked && report.root.sizes != report.facts.total) checked = fail("its rows are not the image's total");
  if (!checked) {
    return fail("cannot trust the size report of " + image + ": " + checked.error().faults().front().message);
  }
  return report;
}

Json to_json(const SizeReport& report) {
  const ImageFacts& facts = report.facts;
  Json feeds = Json::array();
  for (const FeedFacts& feed : facts.feeds) feeds.push_back(feed.name + " " + feed.version);
  Json json = {{"schema", "winnow-size-2"},
               {"image", report.image},
               {"format", facts.format},
               {"tag", facts.tag},
               {"osVersion", facts.os_version},
               {"owners", owners_text(facts)},
               {"allocatedIsMeasured", facts.allocated_is_measured},
               {"by", to_string(report.options.axis)},
               {"feeds", std::move(feeds)},
               {"counts", counts_json(facts.counts)},
               {"size", row_json(report.root)}};
  if (!facts.component_store.empty()) json["componentStore"] = counts_json(facts.component_store);
  if (report.comparison) json["comparison"] = comparison_json(*report.comparison);
  if (!facts.warnings.empty()) json["warnings"] = facts.warnings;
  return json;
}

}  // namespace winnow
