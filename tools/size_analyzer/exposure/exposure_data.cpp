// The report as JSON and as CSV.
#include "size_analyzer/exposure/exposure_report.hpp"

namespace winnow {
namespace {

Json json_of(const CountRange& count) { return {{"lower", count.lower}, {"upper", count.upper}}; }

Json json_of(const std::optional<double>& percent) { return percent ? Json(*percent) : Json(nullptr); }

Json json_of(const ExposureSide& side) {
  return {{"name", side.name},
          {"products", side.products},
          {"wholeProduct", side.is_whole_product},
          {"container", side.is_container},
          {"feeds", side.feeds}};
}

Json json_of(const SideExposure& side) {
  if (!side.applies) return nullptr;
  return {{"severity", to_string(side.severity)},
          {"restart", to_string(side.restart)},
          {"fixes", side.fixes},
          {"touches", to_string(side.match.touch)},
          {"confidence", to_string(side.match.basis)},
          {"because", side.match.because}};
}

Json json_of(const ExposedVulnerability& row) {
  return {{"id", row.id},
          {"title", row.title},
          {"tag", row.tag},
          {"impact", row.impact},
          {"month", row.month},
          {"day", row.day},
          {"bulletin", row.bulletin},
          {"updates", row.updates},
          {"location", row.location},
          {"image", json_of(row.image)},
          {"baseline", json_of(row.baseline)}};
}

std::string csv_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string csv_side(const SideExposure& side) {
  if (!side.applies) return ",,,,";
  return std::string(to_string(side.severity)) + "," + std::string(to_string(side.restart)) + "," +
         std::string(to_string(side.match.touch)) + "," + std::string(to_string(side.match.basis)) + "," +
         csv_text(side.match.because);
}

}  // namespace

Json to_json(const ExposureReport& report) {
  Json json = {{"schema", "winnow-exposure-1"},
               {"image", json_of(report.image)},
               {"baseline", json_of(report.baseline)},
               {"from", report.from},
               {"to", report.to},
               {"bulletinUnit", report.bulletin_unit},
               {"restartUnit", report.restart_unit},
               {"tagMap", {{"version", report.tag_map}, {"tags", report.tags}, {"known", report.known_tags}}}};
  json["measures"] = Json::array();
  for (const ExposureMeasure& measure : report.measures) {
    const PercentRange percent = percent_fewer(measure);
    json["measures"].push_back(
        {{"name", measure.name},
         {"image", json_of(measure.image)},
         {"baseline", json_of(measure.baseline)},
         {"percentFewer", {{"lower", json_of(percent.lower)}, {"upper", json_of(percent.upper)}}}});
  }
  json["documents"] = Json::array();
  for (const ExposureDocument& document : report.documents) {
    json["documents"].push_back({{"file", document.file},
                                 {"id", document.id},
                                 {"title", document.title},
                                 {"month", document.month},
                                 {"vulnerabilities", document.vulnerabilities},
                                 {"applicable", document.applicable}});
  }
  json["vulnerabilities"] = Json::array();
  for (const ExposedVulnerability& row : report.rows) json["vulnerabilities"].push_back(json_of(row));
  json["warnings"] = Json::array();
  for (const DocumentWarning& warning : report.warnings) {
    json["warnings"].push_back({{"text", warning.text}, {"count", warning.count}, {"first", warning.first}});
  }
  return json;
}

std::string exposure_csv(const ExposureReport& report) {
  std::string out =
      "vulnerability,month,day,tag,impact,bulletin,updates,"
      "image severity,image restart,image touched,image confidence,image because,"
      "baseline severity,baseline restart,baseline touched,baseline confidence,baseline because,document,title\r\n";
  for (const ExposedVulnerability& row : report.rows) {
    std::string updates;
    for (const std::string& update : row.updates) updates += (updates.empty() ? "" : " ") + update;
    out += csv_text(row.id) + "," + row.month + "," + row.day + "," + csv_text(row.tag) + "," + csv_text(row.impact) +
           "," + csv_text(row.bulletin) + "," + csv_text(updates) + "," + csv_side(row.image) + "," +
           csv_side(row.baseline) + "," + csv_text(row.location) + "," + csv_text(row.title) + "\r\n";
  }
  return out;
}

}  // namespace winnow
