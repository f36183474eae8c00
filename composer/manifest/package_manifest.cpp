#include "manifest/package_manifest.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "manifest/component_manifest.hpp"
#include "manifest/component_parts.hpp"
#include "manifest/identity_xml.hpp"

namespace winnow {
namespace {

class PackageReader {
 public:
  PackageReader(PackageManifest& manifest, Diagnostics& faults) : manifest_(manifest), faults_(faults) {}

  void read(const XmlElement& element) {
    manifest_.identifier = element.attribute_text("identifier");
    manifest_.release_type = element.attribute_text("releaseType");
    manifest_.restart = element.attribute_text("restart");
    manifest_.permanence = element.attribute_text("permanence");
    manifest_.psf_name = element.attribute_text("psfName");
    for (const std::string_view name : {"applicabilityEvaluation", "targetPartition", "binaryPartition"}) {
      if (element.attribute(name)) ignore("package@" + std::string(name));
    }
    for (const XmlElement& child : element.children()) read_part(child);
  }

 private:
  void ignore(const std::string& what) { ++manifest_.ignored_elements[what]; }

  void read_part(const XmlElement& element) {
    if (element.name() == "update") {
      read_update(element);
    } else if (element.name() == "parent") {
      read_parent(element);
    } else if (element.name() == "installerAssembly") {
      manifest_.servicing_stack = parse_identity(element, faults_);
    } else if (element.name() == "declareCapability") {
      read_capabilities(element);
    } else if (element.name() == "packageExtended") {
      read_size(element);
    } else {
      ignore("package/" + std::string(element.name()));
    }
  }

  void read_parent(const XmlElement& element) {
    PackageParent parent;
    parent.disposition = element.attribute_text("disposition");
    parent.integrate = element.attribute_text("integrate");
    parent.set = element.attribute_text("set");
    parent.line = element.place().line;
    for (std::size_t i = 0; i < kVersionPartNames.size(); ++i) {
      parent.compare[i] = read_comparison(element, std::string(kVersionPartNames[i]) + "Compare");
    }
    for (const XmlElement& child : element.children("assemblyIdentity")) {
      if (auto identity = parse_identity(child, faults_)) parent.identities.push_back(std::move(*identity));
    }
    if (!element.child("assemblyIdentity")) {
      faults_.add(element.place(), "cannot read <parent>: it has no <assemblyIdentity>");
    }
    manifest_.parents.push_back(std::move(parent));
  }

  std::optional<VersionCompare> read_comparison(const XmlElement& element, const std::string& attribute) {
    const auto text = element.attribute(attribute);
    if (!text) return std::nullopt;
    if (const auto compare = parse_version_compare(*text)) return compare;
    faults_.add(element.place_of(attribute), "cannot read " + attribute + " of <parent>: \"" + std::string(*text) +
                                                 "\" is none of EQ NE LT LE GT GE");
    return std::nullopt;
  }

  void read_capabilities(const XmlElement& element) {
    for (const XmlElement& child : element.children()) {
      const bool is_declared = child.name() == "capability";
      if (!is_declared && child.name() != "dependency") {
        ignore("declareCapability/" + std::string(child.name()));
        continue;
      }
      auto& list = is_declared ? manifest_.capabilities : manifest_.required_capabilities;
      for (const XmlElement& identity : child.children("capabilityIdentity")) {
        Capability capability{identity.attribute_text("name"), identity.attribute_text("version"),
                              identity.attribute_text("language")};
        if (capability.name.empty()) faults_.add(identity.place(), "cannot read <capabilityIdentity>: it has no name");
        list.push_back(std::move(capability));
      }
    }
  }

  void read_size(const XmlElement& element) {
    const std::string text = element.attribute_text("packageSize");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), manifest_.package_size);
    if (error != std::errc() || end != text.data() + text.size()) {
      faults_.add(element.place_of("packageSize"),
                  "cannot read packageSize of <packageExtended>: \"" + text + "\" is not a number");
    }
  }

  void read_update(const XmlElement& element) {
    PackageUpdate update;
    update.name = element.attribute_text("name");
    update.display_name = element.attribute_text("displayName");
    update.description = element.attribute_text("description");
    update.restart = element.attribute_text("restart");
    if (update.name.empty()) faults_.add(element.place(), "cannot read <update>: it has no name");
    for (const XmlElement& child : element.children()) {
      if (child.name() == "selectable") {
        update.selectable = true;
        const auto none = child.child("detectNone");
        update.on_by_default = none && is_set(*none, "default");
      } else if (child.name() == "applicable") {
        update.condition = read_condition(child);
      } else if (!read_reference(child, update)) {
        ignore("update/" + std::string(child.name()));
      }
    }
    manifest_.updates.push_back(std::move(update));
  }

  UpdateCondition read_condition(const XmlElement& element) {
    UpdateCondition condition;
    condition.disposition = element.attribute_text("disposition");
    for (const XmlElement& child : element.children()) {
      if (child.name() == "detectUpdate") {
        for (const XmlElement& update : child.children("update")) {
          condition.updates.push_back(update.attribute_text("name"));
        }
      } else if (child.name() == "updateComponent") {
        auto identity = parse_child_identity(child, faults_);
        if (identity) condition.components.push_back({child.attribute_text("elevate"), std::move(*identity)});
      } else {
        ignore("applicable/" + std::string(child.name()));
      }
    }
    return condition;
  }

  // False when the element names no package, component or driver.
  bool read_reference(const XmlElement& element, PackageUpdate& update) {
    PackageReference reference;
    if (element.name() == "package") {
      reference.kind = PackageReference::Kind::package;
      reference.contained = is_set(element, "contained");
      reference.integrate = element.attribute_text("integrate");
    } else if (element.name() == "driver") {
      reference.kind = PackageReference::Kind::driver;
      reference.inf = element.attribute_text("inf");
      reference.ranking = element.attribute_text("ranking");
    } else if (element.name() != "component") {
      return false;
    }
    reference.line = element.place().line;
    if (auto identity = parse_child_identity(element, faults_)) {
      reference.identity = std::move(*identity);
      update.references.push_back(std::move(reference));
    }
    return true;
  }

  PackageManifest& manifest_;
  Diagnostics& faults_;
};

constexpr std::size_t kBuild = 2;  // into Version::parts

bool has_comparison(const PackageParent& parent) {
  return std::any_of(parent.compare.begin(), parent.compare.end(), [](const auto& c) { return c.has_value(); });
}

bool is_version_accepted(const Version& present, const Version& asked, const PackageParent& parent) {
  if (!has_comparison(parent)) {
    return std::equal(present.parts.begin(), present.parts.begin() + kBuild + 1, asked.parts.begin());
  }
  for (std::size_t i = 0; i < parent.compare.size(); ++i) {
    if (!parent.compare[i]) continue;
    const std::uint16_t there = present.parts[i], wanted = asked.parts[i];
    if (!is_as_asked(*parent.compare[i], there, wanted)) return false;
    const bool is_at_least = *parent.compare[i] == VersionCompare::ge;
    if (is_at_least && there > wanted) return true;
  }
  return true;
}

}  // namespace

bool satisfies(const AssemblyIdentity& present, const PackageParent& parent) {
  return std::any_of(parent.identities.begin(), parent.identities.end(), [&](const AssemblyIdentity& asked) {
    return present.name == asked.name && present.public_key_token == asked.public_key_token &&
           present.architecture == asked.architecture && present.language == asked.language &&
           is_version_accepted(present.version, asked.version, parent);
  });
}

std::string accepted_versions(const PackageParent& parent) {
  const Version& version = parent.identities.front().version;
  if (!has_comparison(parent)) return "build " + std::to_string(version.parts[kBuild]);
  std::string text;
  for (std::size_t i = 0; i < parent.compare.size(); ++i) {
    if (!parent.compare[i]) continue;
    constexpr std::array<std::string_view, 6> kSigns = {"", "not ", "below ", "at most ", "above ", "at least "};
    text += (text.empty() ? "" : ", ") + std::string(kVersionPartNames[i]) + " " +
            std::string(kSigns[static_cast<std::size_t>(*parent.compare[i])]) + std::to_string(version.parts[i]);
  }
  return text;
}

Result<PackageManifest> parse_package_manifest(std::string_view text, const std::string& file) {
  WINNOW_TRY(const XmlDocument document, XmlDocument::parse(text, file));
  const XmlElement root = document.root();
  const auto package = root.child("package");
  if (root.name() != "assembly" || !is_assembly_element(root) || !package) {
    return fail(root.place(), "cannot read package manifest: its root is not an <assembly> of " +
                                  std::string(kAssemblyNamespace) + " with a <package>");
  }
  PackageManifest manifest;
  Diagnostics faults;
  if (auto identity = parse_child_identity(root, faults)) manifest.identity = std::move(*identity);
  manifest.display_name = root.attribute_text("displayName");
  manifest.description = root.attribute_text("description");
  PackageReader(manifest, faults).read(*package);
  if (!faults.empty()) return fail(std::move(faults).error());
  return manifest;
}

}  // namespace winnow
