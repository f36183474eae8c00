#include "size_analyzer/exposure/cvrf_xml.hpp"

#include <algorithm>
#include <array>

namespace winnow {
namespace {

std::string text_of(const XmlElement& parent, std::string_view name) {
  const auto child = parent.child(name);
  return child ? child->text() : std::string();
}

std::vector<XmlElement> list(const XmlElement& parent, std::string_view group, std::string_view item) {
  const auto holder = parent.child(group);
  return holder ? holder->children(item) : std::vector<XmlElement>();
}

std::vector<std::string> product_ids(const XmlElement& parent) {
  std::vector<std::string> ids;
  for (const XmlElement& id : parent.children("ProductID")) ids.push_back(squeeze(id.text()));
  return ids;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void warn_type(DocumentBuilder& builder, const XmlElement& element, const std::string& what) {
  builder.warn("a " + what + " has the unknown type \"" + element.attribute_text("Type").substr(0, 60) + "\"",
               to_string(element.place()));
}

// Branches nest; the depth of any XML document is limited.
Result<void> read_products(const XmlElement& branch, DocumentBuilder& builder) {
  for (const XmlElement& child : branch.children()) {
    if (child.name() == "Branch") WINNOW_CHECK(read_products(child, builder));
    if (child.name() == "Relationship") WINNOW_CHECK(read_products(child, builder));
    if (child.name() != "FullProductName") continue;
    WINNOW_CHECK(builder.add_product(child.attribute_text("ProductID"), child.text(), to_string(child.place())));
  }
  return {};
}

void read_notes(const XmlElement& element, VulnerabilityText& text) {
  for (const XmlElement& note : list(element, "Notes", "Note")) {
    const std::string type = note.attribute_text("Type");
    const std::string own = note.text();
    if (type == "Tag") text.tag = squeeze(own).empty() ? note.attribute_text("Title") : own;
    if (type == "Description" || type == "FAQ") text.description += own + "\n";
  }
}

void read_affected(const XmlElement& element, VulnerabilityText& text, DocumentBuilder& builder) {
  constexpr std::array<std::string_view, 6> kOthers = {"Known Not Affected", "First Fixed",         "Fixed",
                                                       "Recommended",        "Under Investigation", "Last Affected"};
  for (const XmlElement& status : list(element, "ProductStatuses", "Status")) {
    const std::string type = status.attribute_text("Type");
    if (type == "Known Affected" || type == "First Affected") {
      for (std::string& id : product_ids(status)) text.affected.push_back(std::move(id));
    } else if (!is_one_of(type, kOthers)) {
      warn_type(builder, status, "product status");
    }
  }
}

void read_threats(const XmlElement& element, VulnerabilityText& text, DocumentBuilder& builder) {
  constexpr std::array<std::string_view, 2> kOthers = {"Exploit Status", "Target Set"};
  for (const XmlElement& threat : list(element, "Threats", "Threat")) {
    const std::string type = threat.attribute_text("Type");
    if (type == "Impact" || type == "Severity") {
      const ThreatKind kind = type == "Impact" ? ThreatKind::impact : ThreatKind::severity;
      text.threats.push_back({kind, text_of(threat, "Description"), product_ids(threat)});
    } else if (!is_one_of(type, kOthers)) {
      warn_type(builder, threat, "threat");
    }
  }
}

void read_fixes(const XmlElement& element, VulnerabilityText& text, DocumentBuilder& builder) {
  constexpr std::array<std::string_view, 6> kOthers = {"Workaround",   "Mitigation",     "Known Issue",
                                                       "Will Not Fix", "None Available", "Release Notes"};
  for (const XmlElement& remedy : list(element, "Remediations", "Remediation")) {
    const std::string type = remedy.attribute_text("Type");
    if (type != "Vendor Fix") {
      if (!is_one_of(type, kOthers)) warn_type(builder, remedy, "remediation");
      continue;
    }
    FixText fix;
    fix.update = text_of(remedy, "Description");
    fix.sub_type = text_of(remedy, "SubType");
    fix.fixed_build = text_of(remedy, "FixedBuild");
    fix.supersedes = text_of(remedy, "Supercedence");
    fix.restart = text_of(remedy, "RestartRequired");
    fix.products = product_ids(remedy);
    for (const XmlElement& file : list(remedy, "AffectedFiles", "AffectedFile")) {
      fix.files += text_of(file, "FileName") + "\n";
    }
    text.fixes.push_back(std::move(fix));
  }
}

VulnerabilityText read_vulnerability(const XmlElement& element, DocumentBuilder& builder) {
  VulnerabilityText text;
  text.location = to_string(element.place());
  text.id = text_of(element, "CVE");
  text.title = text_of(element, "Title");
  read_notes(element, text);
  for (const XmlElement& revision : list(element, "RevisionHistory", "Revision")) {
    text.dates.push_back(text_of(revision, "Date"));
  }
  read_affected(element, text, builder);
  read_threats(element, text, builder);
  read_fixes(element, text, builder);
  return text;
}

}  // namespace

Result<void> read_cvrf_xml(const XmlElement& root, DocumentBuilder& builder) {
  if (root.name() != "cvrfdoc") {
    return fail(root.place(), "cannot read <" + std::string(root.name()) + "> as CVRF: its root is not <cvrfdoc>");
  }
  const auto tracking = root.child("DocumentTracking");
  if (!tracking) return fail(root.place(), "cannot read <cvrfdoc>: it has no <DocumentTracking>");
  const auto identification = tracking->child("Identification");
  WINNOW_CHECK(builder.set_identity(identification ? text_of(*identification, "ID") : std::string(),
                                    text_of(root, "DocumentTitle"), text_of(*tracking, "InitialReleaseDate")));
  if (const auto tree = root.child("ProductTree")) WINNOW_CHECK(read_products(*tree, builder));
  for (const XmlElement& element : root.children("Vulnerability")) {
    WINNOW_CHECK(builder.add(read_vulnerability(element, builder)));
  }
  return {};
}

}  // namespace winnow
