#include "size_analyzer/exposure/cvrf_json.hpp"

#include <optional>

#include "size_analyzer/exposure/json_value.hpp"

namespace winnow {
namespace {

// The numbers that stand for words (Microsoft's module MsrcSecurityUpdates; of statuses 1 and 3 are both in use).
constexpr std::int64_t kDescription = 2;
constexpr std::int64_t kFaq = 4;
constexpr std::int64_t kTag = 7;
constexpr std::int64_t kFirstAffected = 1;
constexpr std::int64_t kKnownAffected = 3;
constexpr std::int64_t kImpact = 0;
constexpr std::int64_t kExploitStatus = 1;
constexpr std::int64_t kSeverity = 3;
constexpr std::int64_t kWorkaround = 0;
constexpr std::int64_t kMitigation = 1;
constexpr std::int64_t kVendorFix = 2;
constexpr std::int64_t kKnownIssue = 5;

std::optional<std::int64_t> type_of(const Json& object) {
  const Json& type = json_member(object, "Type");
  if (!type.is_number_integer()) return std::nullopt;
  return type.get<std::int64_t>();
}

void warn_type(DocumentBuilder& builder, const Json& object, const std::string& what, const std::string& where) {
  const std::string type = json_text(object, "Type").substr(0, 60);
  builder.warn("a " + what + (type.empty() ? " has no type" : " has the unknown type " + type), where);
}

// parse_json() limits the depth.
Result<void> read_products(const Json& branch, DocumentBuilder& builder, const std::string& where) {
  for (const std::string_view group : {"Branch", "Items"}) {
    for (const Json* item : json_items(branch, group)) {
      if (json_member(*item, "ProductID").is_null()) {
        WINNOW_CHECK(read_products(*item, builder, where));
      } else {
        WINNOW_CHECK(builder.add_product(json_text(*item, "ProductID"), json_text(*item), where));
      }
    }
  }
  for (const Json* item : json_items(branch, "FullProductName")) {
    WINNOW_CHECK(builder.add_product(json_text(*item, "ProductID"), json_text(*item), where));
  }
  return {};
}

void read_notes(const Json& element, VulnerabilityText& text) {
  for (const Json* note : json_items(element, "Notes")) {
    const auto type = type_of(*note);
    const std::string own = json_text(*note);
    if (type == kTag) text.tag = squeeze(own).empty() ? json_text(*note, "Title") : own;
    if (type == kDescription || type == kFaq) text.description += own + "\n";
  }
}

void read_affected(const Json& element, VulnerabilityText& text, DocumentBuilder& builder) {
  for (const Json* status : json_items(element, "ProductStatuses")) {
    const auto type = type_of(*status);
    if (type == kFirstAffected || type == kKnownAffected) {
      for (std::string& id : json_texts(*status, "ProductID")) text.affected.push_back(squeeze(id));
    } else {
      warn_type(builder, *status, "product status", text.location);
    }
  }
}

void read_threats(const Json& element, VulnerabilityText& text, DocumentBuilder& builder) {
  for (const Json* threat : json_items(element, "Threats")) {
    const auto type = type_of(*threat);
    if (type == kImpact || type == kSeverity) {
      const ThreatKind kind = type == kImpact ? ThreatKind::impact : ThreatKind::severity;
      text.threats.push_back({kind, json_text(*threat, "Description"), json_texts(*threat, "ProductID")});
    } else if (type != kExploitStatus) {
      warn_type(builder, *threat, "threat", text.location);
    }
  }
}

// Names of files are strings, or objects with a FileName, which may itself be wrapped.
std::string file_text(const Json& remedy) {
  std::string all;
  for (const Json* file : json_items(remedy, "AffectedFiles")) {
    const std::string name = json_text(*file, "FileName");
    all += (name.empty() ? json_text(*file) : name) + "\n";
  }
  return all;
}

void read_fixes(const Json& element, VulnerabilityText& text, DocumentBuilder& builder) {
  for (const Json* remedy : json_items(element, "Remediations")) {
    const auto type = type_of(*remedy);
    if (type != kVendorFix) {
      const bool known = type == kWorkaround || type == kMitigation || type == kKnownIssue;
      if (!known) warn_type(builder, *remedy, "remediation", text.location);
      continue;
    }
    FixText fix;
    fix.update = json_text(*remedy, "Description");
    fix.sub_type = json_text(*remedy, "SubType");
    fix.fixed_build = json_text(*remedy, "FixedBuild");
    fix.supersedes = json_text(*remedy, "Supercedence");
    fix.restart = json_text(*remedy, "RestartRequired");
    fix.products = json_texts(*remedy, "ProductID");
    fix.files = file_text(*remedy);
    text.fixes.push_back(std::move(fix));
  }
}

VulnerabilityText read_vulnerability(const Json& element, std::size_t index, DocumentBuilder& builder) {
  VulnerabilityText text;
  text.location = builder.file() + "#/Vulnerability/" + std::to_string(index);
  text.id = json_text(element, "CVE");
  text.title = json_text(element, "Title");
  read_notes(element, text);
  for (const Json* revision : json_items(element, "RevisionHistory"))
    text.dates.push_back(json_text(*revision, "Date"));
  read_affected(element, text, builder);
  read_threats(element, text, builder);
  read_fixes(element, text, builder);
  return text;
}

}  // namespace

Result<void> read_cvrf_json(const Json& root, DocumentBuilder& builder) {
  const Json& tracking = json_member(root, "DocumentTracking");
  WINNOW_CHECK(builder.set_identity(json_text(json_member(tracking, "Identification"), "ID"),
                                    json_text(root, "DocumentTitle"), json_text(tracking, "InitialReleaseDate")));
  WINNOW_CHECK(read_products(json_member(root, "ProductTree"), builder, builder.file() + "#/ProductTree"));
  const auto vulnerabilities = json_items(root, "Vulnerability");
  for (std::size_t i = 0; i < vulnerabilities.size(); ++i) {
    WINNOW_CHECK(builder.add(read_vulnerability(*vulnerabilities[i], i, builder)));
  }
  return {};
}

}  // namespace winnow
