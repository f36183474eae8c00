#include "size_analyzer/exposure/csaf_json.hpp"

#include <algorithm>
#include <map>

#include "size_analyzer/exposure/json_value.hpp"

namespace winnow {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Builds from which on a product is no longer affected, by product id: a product_version_range names them "<build".
using FixedBuilds = std::map<std::string, std::string>;

struct Tree {
  DocumentBuilder& builder;
  FixedBuilds fixed;
};

// A version of a product has the product's name: what is affected is asked for by name, not by build. parse_json()
// limits the depth.
Result<void> read_branch(const Json& branch, std::string product_name, Tree& tree) {
  const std::string where = tree.builder.file() + "#/product_tree";
  const std::string category = json_text(branch, "category");
  const std::string name = json_text(branch, "name");
  if (category == "product_name") product_name = name;
  const Json& product = json_member(branch, "product");
  if (product.is_object()) {
    const std::string id = json_text(product, "product_id");
    WINNOW_CHECK(tree.builder.add_product(id, product_name.empty() ? json_text(product, "name") : product_name, where));
    if (category == "product_version_range" && name.starts_with('<')) {
      tree.fixed.emplace(id, name.substr(name.starts_with("<=") ? 2 : 1));
    }
  }
  for (const Json* child : json_items(branch, "branches")) WINNOW_CHECK(read_branch(*child, product_name, tree));
  return {};
}

Result<void> read_products(const Json& root, Tree& tree) {
  const std::string where = tree.builder.file() + "#/product_tree";
  WINNOW_CHECK(read_branch(root, {}, tree));
  for (const Json* product : json_items(root, "full_product_names")) {
    WINNOW_CHECK(tree.builder.add_product(json_text(*product, "product_id"), json_text(*product, "name"), where));
  }
  for (const Json* relation : json_items(root, "relationships")) {
    const Json& product = json_member(*relation, "full_product_name");
    WINNOW_CHECK(tree.builder.add_product(json_text(product, "product_id"), json_text(product, "name"), where));
  }
  return {};
}

// The KB number that an address of Microsoft's ends in: ".../help/5053598", "...?q=KB5053598".
std::string update_number(std::string_view address) {
  for (const std::string_view start : {"/help/", "/kb/", "q=KB"}) {
    const std::size_t found = address.find(start);
    if (found == std::string_view::npos) continue;
    const std::string_view rest = address.substr(found + start.size());
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_digit);
    if (end - rest.begin() >= 5) return {rest.begin(), end};
  }
  return {};
}

// CSAF says what restarts; only the machine is a reboot, and what the vulnerable part stands in may be the machine.
std::string restart_word(const std::string& category) {
  if (category == "machine" || category == "system" || category == "zone") return "Yes";
  if (category == "parent" || category == "dependencies" || category == "connected") return "Maybe";
  if (category == "none" || category == "vulnerable_component" || category == "service") return "No";
  return category;
}

// `details`: "build:kind of update:address".
FixText read_fix(const Json& remedy) {
  FixText fix;
  const std::string details = json_text(remedy, "details");
  const std::size_t build_end = details.find(':');
  if (build_end != std::string::npos) {
    fix.fixed_build = details.substr(0, build_end);
    const std::size_t kind_end = details.find(':', build_end + 1);
    if (kind_end != std::string::npos) fix.sub_type = details.substr(build_end + 1, kind_end - build_end - 1);
  }
  fix.update = update_number(json_text(remedy, "url"));
  if (fix.update.empty()) fix.update = update_number(details);
  if (fix.update.empty()) fix.update = fix.fixed_build.empty() ? details.substr(0, 60) : fix.fixed_build;
  fix.restart = restart_word(json_text(json_member(remedy, "restart_required"), "category"));
  fix.products = json_texts(remedy, "product_ids");
  return fix;
}

void read_fixes(const Json& element, VulnerabilityText& text, Tree& tree) {
  for (const Json* remedy : json_items(element, "remediations")) {
    const std::string category = json_text(*remedy, "category");
    if (category == "vendor_fix") {
      FixText fix = read_fix(*remedy);
      const auto known = fix.products.empty() ? tree.fixed.end() : tree.fixed.find(fix.products.front());
      if (fix.fixed_build.empty() && known != tree.fixed.end()) fix.fixed_build = known->second;
      text.fixes.push_back(std::move(fix));
    } else if (category != "mitigation" && category != "workaround" && category != "no_fix_planned" &&
               category != "none_available") {
      tree.builder.warn("a remediation has the unknown type \"" + category.substr(0, 60) + "\"", text.location);
    }
  }
}

void read_threats(const Json& element, const std::string& severity, VulnerabilityText& text, Tree& tree) {
  text.threats.push_back({ThreatKind::severity, severity, {}});
  for (const Json* threat : json_items(element, "threats")) {
    const std::string category = json_text(*threat, "category");
    if (category == "impact") {
      text.threats.push_back({ThreatKind::impact, json_text(*threat, "details"), json_texts(*threat, "product_ids")});
    } else if (category != "exploit_status" && category != "target_set") {
      tree.builder.warn("a threat has the unknown type \"" + category.substr(0, 60) + "\"", text.location);
    }
  }
}

VulnerabilityText read_vulnerability(const Json& root, const Json& element, std::size_t index, Tree& tree) {
  const Json& document = json_member(root, "document");
  VulnerabilityText text;
  text.location = tree.builder.file() + "#/vulnerabilities/" + std::to_string(index);
  text.id = json_text(element, "cve");
  text.title = json_text(element, "title");
  if (text.title.empty()) text.title = json_text(document, "title");
  for (const Json* note : json_items(element, "notes")) {
    const std::string category = json_text(*note, "category");
    const bool explains = category == "description" || category == "faq" || category == "summary";
    if (explains) text.description += json_text(*note, "text") + "\n";
  }
  const Json& tracking = json_member(document, "tracking");
  text.dates.push_back(json_text(tracking, "initial_release_date"));
  const Json& status = json_member(element, "product_status");
  for (const std::string_view group : {"known_affected", "first_affected"}) {
    for (std::string& id : json_texts(status, group)) text.affected.push_back(std::move(id));
  }
  read_threats(element, json_text(json_member(document, "aggregate_severity"), "text"), text, tree);
  read_fixes(element, text, tree);
  return text;
}

}  // namespace

Result<void> read_csaf_json(const Json& root, DocumentBuilder& builder) {
  const Json& document = json_member(root, "document");
  const std::string version = json_text(document, "csaf_version");
  if (version != "2.0") {
    return fail("cannot read " + builder.file() + ": it is CSAF \"" + version.substr(0, 20) + "\", not 2.0");
  }
  const Json& tracking = json_member(document, "tracking");
  WINNOW_CHECK(builder.set_identity(json_text(tracking, "id"), json_text(document, "title"),
                                    json_text(tracking, "initial_release_date")));
  Tree tree{builder, {}};
  WINNOW_CHECK(read_products(json_member(root, "product_tree"), tree));
  const auto vulnerabilities = json_items(root, "vulnerabilities");
  for (std::size_t i = 0; i < vulnerabilities.size(); ++i) {
    WINNOW_CHECK(builder.add(read_vulnerability(root, *vulnerabilities[i], i, tree)));
  }
  return {};
}

}  // namespace winnow
