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
  const std::string category = text_of(branch, "category");
  const std::string name = text_of(branch, "name");
  if (category == "product_name") product_name = name;
  const Json& product = member(branch, "product");
  if (product.is_object()) {
    const std::string id = text_of(product, "product_id");
    WINNOW_CHECK(tree.builder.add_product(id, product_name.empty() ? text_of(product, "name") : product_name, where));
    if (category == "product_version_range" && name.starts_with('<')) {
      tree.fixed.emplace(id, name.substr(name.starts_with("<=") ? 2 : 1));
    }
  }
  for (const Json* child : items(branch, "branches")) WINNOW_CHECK(read_branch(*child, product_name, tree));
  return {};
}

Result<void> read_products(const Json& root, Tree& tree) {
  const std::string where = tree.builder.file() + "#/product_tree";
  WINNOW_CHECK(read_branch(root, {}, tree));
  for (const Json* product : items(root, "full_product_names")) {
    WINNOW_CHECK(tree.builder.add_product(text_of(*product, "product_id"), text_of(*product, "name"), where));
  }
  for (const Json* relation : items(root, "relationships")) {
    const Json& product = member(*relation, "full_product_name");
    WINNOW_CHECK(tree.builder.add_product(text_of(product, "product_id"), text_of(product, "name"), where));
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
  const std::string details = text_of(remedy, "details");
  const std::size_t build_end = details.find(':');
  if (build_end != std::string::npos) {
    fix.fixed_build = details.substr(0, build_end);
    const std::size_t kind_end = details.find(':', build_end + 1);
    if (kind_end != std::string::npos) fix.sub_type = details.substr(build_end + 1, kind_end - build_end - 1);
  }
  fix.update = update_number(text_of(remedy, "url"));
  if (fix.update.empty()) fix.update = update_number(details);
  if (fix.update.empty()) fix.update = fix.fixed_build.empty() ? details.substr(0, 60) : fix.fixed_build;
  fix.restart = restart_word(text_of(member(remedy, "restart_required"), "category"));
  fix.products = texts(remedy, "product_ids");
  return fix;
}

void read_fixes(const Json& element, VulnerabilityText& text, Tree& tree) {
  for (const Json* remedy : items(element, "remediations")) {
    const std::string category = text_of(*remedy, "category");
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
  for (const Json* threat : items(element, "threats")) {
    const std::string category = text_of(*threat, "category");
    if (category == "impact") {
      text.threats.push_back({ThreatKind::impact, text_of(*threat, "details"), texts(*threat, "product_ids")});
    } else if (category != "exploit_status" && category != "target_set") {
      tree.builder.warn("a threat has the unknown type \"" + category.substr(0, 60) + "\"", text.location);
    }
  }
}

VulnerabilityText read_vulnerability(const Json& root, const Json& element, std::size_t index, Tree& tree) {
  const Json& document = member(root, "document");
  VulnerabilityText text;
  text.location = tree.builder.file() + "#/vulnerabilities/" + std::to_string(index);
  text.id = text_of(element, "cve");
  text.title = text_of(element, "title");
  if (text.title.empty()) text.title = text_of(document, "title");
  for (const Json* note : items(element, "notes")) {
    const std::string category = text_of(*note, "category");
    const bool explains = category == "description" || category == "faq" || category == "summary";
    if (explains) text.description += text_of(*note, "text") + "\n";
  }
  const Json& tracking = member(document, "tracking");
  text.dates.push_back(text_of(tracking, "initial_release_date"));
  const Json& status = member(element, "product_status");
  for (const std::string_view group : {"known_affected", "first_affected"}) {
    for (std::string& id : texts(status, group)) text.affected.push_back(std::move(id));
  }
  read_threats(element, text_of(member(document, "aggregate_severity"), "text"), text, tree);
  read_fixes(element, text, tree);
  return text;
}

}  // namespace

Result<void> read_csaf_json(const Json& root, DocumentBuilder& builder) {
  const Json& document = member(root, "document");
  const std::string version = text_of(document, "csaf_version");
  if (version != "2.0") {
    return fail("cannot read " + builder.file() + ": it is CSAF \"" + version.substr(0, 20) + "\", not 2.0");
  }
  const Json& tracking = member(document, "tracking");
  WINNOW_CHECK(builder.set_identity(text_of(tracking, "id"), text_of(document, "title"),
                                    text_of(tracking, "initial_release_date")));
  Tree tree{builder, {}};
  WINNOW_CHECK(read_products(member(root, "product_tree"), tree));
  const auto vulnerabilities = items(root, "vulnerabilities");
  for (std::size_t i = 0; i < vulnerabilities.size(); ++i) {
    WINNOW_CHECK(builder.add(read_vulnerability(root, *vulnerabilities[i], i, tree)));
  }
  return {};
}

}  // namespace winnow
