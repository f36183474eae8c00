#include "manifest/package_manifest.hpp"

#include <utility>

#include "manifest/component_manifest.hpp"
#include "manifest/component_parts.hpp"
#include "manifest/identity_xml.hpp"

namespace winnow {
namespace {

// The kind of thing an element of <update> names; a driver is a component whose payload is a driver package.
std::optional<PackageReference::Kind> reference_kind(std::string_view name) {
  if (name == "package") return PackageReference::Kind::package;
  if (name == "component" || name == "driver") return PackageReference::Kind::component;
  return std::nullopt;
}

void read_update(const XmlElement& element, PackageManifest& manifest, Diagnostics& faults) {
  PackageUpdate update;
  update.name = element.attribute_text("name");
  update.display_name = element.attribute_text("displayName");
  if (update.name.empty()) faults.add(element.place(), "cannot read <update>: it has no name");
  for (const XmlElement& child : element.children()) {
    if (child.name() == "selectable") {
      update.selectable = true;
    } else if (const auto kind = reference_kind(child.name())) {
      auto identity = parse_child_identity(child, faults);
      if (identity) update.references.push_back({*kind, std::move(*identity), child.place().line});
    } else {
      ++manifest.ignored_elements["update/" + std::string(child.name())];
    }
  }
  manifest.updates.push_back(std::move(update));
}

void read_package(const XmlElement& element, PackageManifest& manifest, Diagnostics& faults) {
  manifest.identifier = element.attribute_text("identifier");
  manifest.release_type = element.attribute_text("releaseType");
  for (const XmlElement& child : element.children()) {
    if (child.name() == "update") {
      read_update(child, manifest, faults);
    } else {
      ++manifest.ignored_elements["package/" + std::string(child.name())];
    }
  }
}

void write_update(XmlWriter& xml, const PackageUpdate& update) {
  xml.open("update");
  xml.attribute("name", update.name);
  xml.optional_attribute("displayName", update.display_name);
  if (update.selectable) {
    xml.open("selectable");
    xml.attribute("disposition", "staged");
    xml.open("detectNone");
    xml.attribute("default", "false");
    xml.close();
    xml.close();
  }
  for (const PackageReference& reference : update.references) {
    const bool is_package = reference.kind == PackageReference::Kind::package;
    xml.open(is_package ? "package" : "component");
    if (is_package) xml.attribute("contained", "false");
    write_identity(xml, reference.identity);
    xml.close();
  }
  xml.close();
}

}  // namespace

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
  read_package(*package, manifest, faults);
  if (!faults.empty()) return fail(std::move(faults).error());
  return manifest;
}

std::string print_package_manifest(const PackageManifest& manifest) {
  XmlWriter xml;
  xml.open("assembly");
  xml.attribute("xmlns", kAssemblyNamespace);
  xml.attribute("manifestVersion", "1.0");
  xml.optional_attribute("description", manifest.description);
  xml.optional_attribute("displayName", manifest.display_name);
  write_identity(xml, manifest.identity);
  xml.open("package");
  xml.attribute("identifier", manifest.identifier);
  xml.optional_attribute("releaseType", manifest.release_type);
  for (const PackageUpdate& update : manifest.updates) write_update(xml, update);
  xml.close();
  xml.close();
  return std::move(xml).take();
}

}  // namespace winnow
