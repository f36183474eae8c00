#include "solvers/debian_packages.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "solvers/debian_version.hpp"

namespace winnow::testing {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    const std::string_view part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

DebianRelation parse_relation(std::string_view text) {
  DebianRelation relation;
  const std::size_t open = text.find('(');
  relation.name = trimmed(text.substr(0, open));
  relation.name = relation.name.substr(0, relation.name.find(':'));
  if (open == std::string_view::npos) return relation;
  const std::string_view inside = trimmed(text.substr(open + 1, text.find(')', open) - open - 1));
  const std::size_t end = inside.find_first_not_of("<>=");
  relation.comparison = inside.substr(0, end);
  if (end != std::string_view::npos) relation.version = trimmed(inside.substr(end));
  return relation;
}

void set_field(DebianPackage& package, std::string_view name, std::string_view value) {
  using Field = std::pair<std::string_view, std::string_view DebianPackage::*>;
  constexpr std::array<Field, 10> kFields = {{{"Package", &DebianPackage::name},
                                              {"Version", &DebianPackage::version},
                                              {"Architecture", &DebianPackage::architecture},
                                              {"Priority", &DebianPackage::priority},
                                              {"Depends", &DebianPackage::depends},
                                              {"Pre-Depends", &DebianPackage::pre_depends},
                                              {"Recommends", &DebianPackage::recommends},
                                              {"Conflicts", &DebianPackage::conflicts},
                                              {"Breaks", &DebianPackage::breaks},
                                              {"Provides", &DebianPackage::provides}}};
  for (const Field& field : kFields) {
    if (field.first == name) package.*field.second = value;
  }
  if (name == "Installed-Size") std::from_chars(value.data(), value.data() + value.size(), package.installed_size);
}

}  // namespace

bool DebianRelation::takes(std::string_view actual) const {
  if (comparison.empty()) return true;
  const int order = compare_debian_versions(actual, version);
  if (comparison == ">=") return order >= 0;
  if (comparison == "<=") return order <= 0;
  if (comparison == ">>") return order > 0;
  if (comparison == "<<") return order < 0;
  return order == 0;
}

std::vector<DebianPackage> read_debian_packages(std::string_view text) {
  std::vector<DebianPackage> packages;
  DebianPackage package;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    // A line that starts with a blank goes on.
    while (end != std::string_view::npos && end + 1 < text.size() && text[end + 1] == ' ')
      end = text.find('\n', end + 1);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) set_field(package, line.substr(0, colon), trimmed(line.substr(colon + 1)));
    if ((!line.empty() && !text.empty()) || package.name.empty()) continue;
    packages.push_back(package);
    package = {};
  }
  return packages;
}

std::vector<std::string_view> split_debian_groups(std::string_view field) { return split(field, ','); }

std::vector<std::vector<DebianRelation>> parse_debian_relations(std::string_view field) {
  std::vector<std::vector<DebianRelation>> groups;
  for (const std::string_view group : split(field, ',')) {
    std::vector<DebianRelation>& relations = groups.emplace_back();
    for (const std::string_view alternative : split(group, '|')) relations.push_back(parse_relation(alternative));
  }
  return groups;
}

}  // namespace winnow::testing
