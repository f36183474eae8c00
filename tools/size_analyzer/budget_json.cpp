// A budget report for programs: JSON (budget.schema.json), CSV and SARIF.
#include <array>

#include "size_analyzer/budget_views.hpp"
#include "size_analyzer/report_text.hpp"

namespace winnow {

namespace {

constexpr auto kSarifSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

struct Rule {
  FindingKind kind;
  const char* description;
};
constexpr std::array kRules = {
    Rule{FindingKind::over_limit, "An image, or a part of it, has more bytes than its limit."},
    Rule{FindingKind::over_creep, "An image, or a part of it, grew more since its baseline than it may."},
    Rule{FindingKind::forbidden, "A component is in an image that must not have it."},
    Rule{FindingKind::missing_image, "An image has no budget."},
    Rule{FindingKind::missing_baseline, "There is no baseline to compare an image with."},
    Rule{FindingKind::extra_baseline, "A baseline is of an image that has no budget."},
    Rule{FindingKind::extra_budget, "A budget is about bytes that no image has."},
    Rule{FindingKind::expired_waiver, "An exception is over."},
    Rule{FindingKind::improvement, "A limit could be lower."},
};

template <class T>
void put_optional(Json& json, const char* name, const std::optional<T>& value) {
  if (value) json[name] = *value;
}

Json json_of(const Place& place) {
  Json json = {{"file", place.file}};
  if (place.line > 0) json["line"] = place.line;
  if (place.column > 0) json["column"] = place.column;
  return json;
}

Json json_of(const BudgetRow& row) {
  Json json = {{"place", json_of(row.place)},
               {"image", row.image},
               {"scope", row.scope},
               {"measure", to_string(row.measure)},
               {"severity", to_string(row.severity)},
               {"value", row.value},
               {"waived", row.waived},
               {"broken", row.is_broken}};
  put_optional(json, "before", row.before);
  put_optional(json, "limit", row.limit);
  put_optional(json, "creep", row.creep);
  return json;
}

Json json_of(const BudgetFinding& finding) {
  Json causes = Json::array();
  for (const CauseRow& row : finding.causes) {
    causes.push_back({{"cause", to_string(row.why.cause)},
                      {"subject", row.why.subject},
                      {"reason", row.why.reason},
                      {"bytes", value_of(row, finding.measure)}});
  }
  Json json = {{"kind", to_string(finding.kind)},
               {"level", to_string(finding.level)},
               {"place", json_of(finding.place)},
               {"image", finding.image},
               {"text", finding.text},
               {"message", finding.message},
               {"notes", finding.notes},
               {"measure", to_string(finding.measure)},
               {"causes", causes}};
  put_optional(json, "newLimit", finding.new_limit);
  return json;
}

// A path as a relative URI reference: RFC 3986's unreserved characters and '/' as they are.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return uri;
}

std::string whole_text(const BudgetFinding& finding) {
  std::string text = finding.text;
  if (!finding.message.empty()) text += "\n" + finding.message;
  for (const std::string& line : cause_lines(finding)) text += "\nbecause: " + line;
  for (const std::string& note : finding.notes) text += "\nnote: " + note;
  return text;
}

Json sarif_result(const BudgetFinding& finding) {
  Json location = {{"artifactLocation", {{"uri", uri_of(finding.place.file)}}}};
  if (finding.place.line > 0) {
    location["region"] = {{"startLine", finding.place.line}};
    if (finding.place.column > 0) location["region"]["startColumn"] = finding.place.column;
  }
  return {{"ruleId", to_string(finding.kind)},
          {"ruleIndex", static_cast<int>(finding.kind)},
          {"level", to_string(finding.level)},
          {"message", {{"text", whole_text(finding)}}},
          {"locations", Json::array({{{"physicalLocation", location}}})},
          {"partialFingerprints", {{"budget/v1", std::string(to_string(finding.kind)) + ":" + finding.image}}}};
}

std::string optional_number(const std::optional<ByteCount>& number) { return number ? std::to_string(*number) : ""; }

}  // namespace

Json to_json(const BudgetReport& report) {
  Json rows = Json::array();
  for (const BudgetRow& row : report.rows) rows.push_back(json_of(row));
  Json findings = Json::array();
  for (const BudgetFinding& finding : report.findings) findings.push_back(json_of(finding));
  return {{"schema", kBudgetSchema}, {"file", report.file},
          {"today", report.today},   {"overBudget", report.is_over_budget()},
          {"images", report.images}, {"budgets", rows},
          {"findings", findings}};
}

std::string print_budget_csv(const BudgetReport& report) {
  std::string text = "row,level,file,line,image,scope,measure,before,value,limit,creep,waived,text\r\n";
  for (const BudgetRow& row : report.rows) {
    text += "budget," + std::string(row.is_broken ? to_string(row.severity) : "ok") + "," + csv_field(row.place.file) +
            "," + std::to_string(row.place.line) + "," + csv_field(row.image) + "," + csv_field(row.scope) + "," +
            std::string(to_string(row.measure)) + "," + optional_number(row.before) + "," + std::to_string(row.value) +
            "," + optional_number(row.limit) + "," + optional_number(row.creep) + "," + std::to_string(row.waived) +
            ",\r\n";
  }
  for (const BudgetFinding& finding : report.findings) {
    text += std::string(to_string(finding.kind)) + "," + std::string(to_string(finding.level)) + "," +
            csv_field(finding.place.file) + "," + std::to_string(finding.place.line) + "," + csv_field(finding.image) +
            ",,,,,,,," + csv_field(whole_text(finding)) + "\r\n";
  }
  return text;
}

Json budget_sarif(const BudgetReport& report) {
  Json rules = Json::array();
  for (const Rule& rule : kRules) {
    rules.push_back({{"id", to_string(rule.kind)}, {"shortDescription", {{"text", rule.description}}}});
  }
  Json results = Json::array();
  for (const BudgetFinding& finding : report.findings) results.push_back(sarif_result(finding));
  return {{"$schema", kSarifSchema},
          {"version", "2.1.0"},
          {"runs", Json::array({{{"tool", {{"driver", {{"name", "winnow"}, {"rules", rules}}}}},
                                 {"columnKind", "unicodeCodePoints"},
                                 {"results", results}}})}};
}

}  // namespace winnow
