#include <array>

#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

const char* kind_name(SizeKind kind) {
  constexpr std::array<const char*, 12> kNames = {"image",       "packages", "package", "component",
                                                  "application", "registry", "own",     "metadata",
                                                  "unclaimed",   "folder",   "file",    "part"};
  return kNames[static_cast<std::size_t>(kind)];
}

const char* source_name(OwnerSource source) {
  constexpr std::array<const char*, 3> kNames = {"provenance", "feed", "none"};
  return kNames[static_cast<std::size_t>(source)];
}

Json row_json(const SizeRow& row) {
  Json json = {{"kind", kind_name(row.kind)},
               {"name", row.name},
               {"logical", row.logical},
               {"stored", row.stored},
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
  return {{"baseline", comparison.baseline},
          {"measures", std::move(measures)},
          {"outsideFiles", comparison.outside_files},
          {"outsideBytes", comparison.outside_bytes}};
}

}  // namespace

Json to_json(const SizeReport& report) {
  Json json = {{"schema", "winnow-size-1"},
               {"image", report.image},
               {"tag", report.tag},
               {"osVersion", report.os_version},
               {"owners", source_name(report.owners)},
               {"feeds", report.feeds},
               {"size", row_json(report.root)}};
  if (report.comparison) json["comparison"] = comparison_json(*report.comparison);
  return json;
}

}  // namespace winnow
