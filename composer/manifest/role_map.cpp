#include "manifest/role_map.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/file_system.hpp"
#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "manifest/xml_document.hpp"

namespace winnow {

namespace {

constexpr std::string_view kNamespace = "urn:winnow:roles:v1";
constexpr std::array<std::string_view, 7> kAttributes = {"name",         "package",    "title",  "needs",
                                                         "same-version", "deployment", "edition"};

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end != 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

const MediaRole* find_role(const RoleMap& map, std::string_view name) {
  const auto found = std::find_if(map.roles.begin(), map.roles.end(),
                                  [&](const MediaRole& role) { return ascii_iequals(role.name, name); });
  return found == map.roles.end() ? nullptr : &*found;
}

MediaRole read_role(const XmlElement& element, Diagnostics& faults) {
  for (const XmlAttribute& attribute : element.attributes()) {
    if (std::find(kAttributes.begin(), kAttributes.end(), attribute.name) != kAttributes.end()) continue;
    faults.add(attribute.place, "cannot read <role>: it has no attribute " + std::string(attribute.name));
  }
  MediaRole role{element.attribute_text("name"),
                 element.attribute_text("package"),
                 element.attribute_text("title"),
                 split_words(element.attribute_text("needs")),
                 element.attribute_text("same-version") == "true",
                 element.attribute_text("deployment"),
                 element.attribute_text("edition")};
  if (role.name.empty() || role.package.empty()) {
    faults.add(element.place(), "cannot read <role>: it has no name or no package");
  }
  return role;
}

}  // namespace

Result<RoleMap> parse_role_map(std::string_view text, const std::string& file) {
  WINNOW_TRY(const XmlDocument document, XmlDocument::parse(text, file));
  const XmlElement root = document.root();
  if (root.name() != "roles" || root.namespace_uri() != kNamespace) {
    return fail(root.place(), "cannot read role map: its root is not <roles> of " + std::string(kNamespace));
  }
  RoleMap map{root.attribute_text("name"), {}};
  Diagnostics faults;
  for (const XmlElement& child : root.children()) {
    if (child.name() != "role") {
      faults.add(child.place(), "cannot read <roles>: it holds <" + std::string(child.name()) + ">, not <role>");
      continue;
    }
    MediaRole role = read_role(child, faults);
    if (find_role(map, role.name) != nullptr) {
      faults.add(child.place(), "cannot read <role>: \"" + role.name + "\" is there twice");
    }
    map.roles.push_back(std::move(role));
  }
  for (const MediaRole& role : map.roles) {
    for (const std::string& need : role.needs) {
      if (find_role(map, need) != nullptr) continue;
      faults.add(root.place(), "cannot read role map: \"" + role.name + "\" needs \"" + need + "\", which is no role");
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return map;
}

Result<RoleMap> load_role_map(const std::filesystem::path& path) {
  WINNOW_TRY(const Bytes bytes, read_file(path, kMaxManifestBytes));
  return parse_role_map(as_text(bytes), path.string());
}

Result<std::vector<std::string>> packages_of(const RoleMap& map, const RoleChoice& choice) {
  Diagnostics faults;
  std::set<std::string> asked;
  std::vector<std::string_view> names;
  for (const MediaRole& role : map.roles) names.push_back(role.name);
  for (const std::string& name : choice.roles) {
    if (const MediaRole* role = find_role(map, name)) {
      asked.insert(role->name);
      continue;
    }
    faults.add({}, "cannot add role \"" + name + "\": " + map.name + " has none of that name",
               did_you_mean(nearest_name(name, names)));
  }
  if (find_role(map, choice.deployment) != nullptr) asked.insert(choice.deployment);
  std::vector<std::string> packages;
  for (const MediaRole& role : map.roles) {
    if (!asked.contains(role.name)) continue;
    const auto refuse = [&](const std::string& reason) {
      faults.add({}, "cannot add role \"" + role.name + "\": " + reason);
    };
    if (!role.deployment.empty() && role.deployment != choice.deployment) {
      refuse("it is for deployment " + role.deployment + ", the image is " +
             (choice.deployment.empty() ? "for any" : "for " + choice.deployment));
    }
    if (!role.edition.empty() && role.edition != choice.edition) {
      refuse("it is for edition " + role.edition + ", the image is " +
             (choice.edition.empty() ? "for any" : choice.edition));
    }
    for (const std::string& need : role.needs) {
      if (!asked.contains(need)) refuse("it needs role \"" + need + "\"; ask for that as well");
    }
    packages.push_back(role.package);
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return packages;
}

Result<void> check_versions(const RoleMap& map, const std::vector<AssemblyIdentity>& packages) {
  const auto version_of = [&](const MediaRole& role) -> const Version* {
    for (const AssemblyIdentity& identity : packages) {
      if (ascii_iequals(identity.name, role.package) && ascii_iequals(identity.language, "neutral")) {
        return &identity.version;
      }
    }
    return nullptr;
  };
  Diagnostics faults;
  for (const MediaRole& role : map.roles) {
    const Version* own = version_of(role);
    if (!role.same_version || own == nullptr) continue;
    for (const std::string& need : role.needs) {
      const MediaRole* other = find_role(map, need);
      const Version* theirs = other == nullptr ? nullptr : version_of(*other);
      if (theirs == nullptr || *theirs == *own) continue;
      faults.add({}, "cannot add role \"" + role.name + "\": its package has version " + to_string(*own) +
                         ", that of " + need + " " + to_string(*theirs));
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

}  // namespace winnow
