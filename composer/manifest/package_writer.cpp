#include "manifest/component_manifest.hpp"
#include "manifest/identity_xml.hpp"
#include "manifest/package_manifest.hpp"

namespace winnow {
namespace {

void write_parent(XmlWriter& xml, const PackageParent& parent) {
  xml.open("parent");
  for (std::size_t i = 0; i < kVersionPartNames.size(); ++i) {
    if (!parent.compare[i]) continue;
    xml.attribute(std::string(kVersionPartNames[i]) + "Compare", to_string(*parent.compare[i]));
  }
  xml.optional_attribute("disposition", parent.disposition);
  xml.optional_attribute("integrate", parent.integrate);
  xml.optional_attribute("set", parent.set);
  for (const AssemblyIdentity& identity : parent.identities) write_identity(xml, identity);
  xml.close();
}

void write_capabilities(XmlWriter& xml, std::string_view element, const std::vector<Capability>& capabilities) {
  for (const Capability& capability : capabilities) {
    xml.open(element);
    xml.open("capabilityIdentity");
    xml.attribute("name", capability.name);
    xml.optional_attribute("version", capability.version);
    xml.optional_attribute("language", capability.language);
    xml.close();
    xml.close();
  }
}

void write_switches(XmlWriter& xml, const PackageUpdate& update) {
  if (update.condition) {
    xml.open("applicable");
    xml.optional_attribute("disposition", update.condition->disposition);
    for (const std::string& name : update.condition->updates) {
      xml.open("detectUpdate");
      xml.open("update");
      xml.attribute("name", name);
      xml.close();
      xml.close();
    }
    for (const UpdatedComponent& component : update.condition->components) {
      xml.open("updateComponent");
      xml.optional_attribute("elevate", component.elevate);
      write_identity(xml, component.identity);
      xml.close();
    }
    xml.close();
  }
  if (!update.selectable) return;
  xml.open("selectable");
  xml.attribute("disposition", "staged");
  xml.open("detectNone");
  xml.attribute("default", update.on_by_default ? "true" : "false");
  xml.close();
  xml.close();
}

void write_reference(XmlWriter& xml, const PackageReference& reference) {
  switch (reference.kind) {
    case PackageReference::Kind::package:
      xml.open("package");
      xml.attribute("contained", reference.contained ? "true" : "false");
      xml.optional_attribute("integrate", reference.integrate);
      break;
    case PackageReference::Kind::driver:
      xml.open("driver");
      xml.optional_attribute("inf", reference.inf);
      xml.optional_attribute("ranking", reference.ranking);
      break;
    case PackageReference::Kind::component:
      xml.open("component");
      break;
  }
  write_identity(xml, reference.identity);
  xml.close();
}

void write_update(XmlWriter& xml, const PackageUpdate& update) {
  xml.open("update");
  xml.attribute("name", update.name);
  xml.optional_attribute("displayName", update.display_name);
  xml.optional_attribute("description", update.description);
  xml.optional_attribute("restart", update.restart);
  write_switches(xml, update);
  for (const PackageReference& reference : update.references) write_reference(xml, reference);
  xml.close();
}

}  // namespace

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
  xml.optional_attribute("restart", manifest.restart);
  xml.optional_attribute("permanence", manifest.permanence);
  xml.optional_attribute("psfName", manifest.psf_name);
  for (const PackageParent& parent : manifest.parents) write_parent(xml, parent);
  if (manifest.servicing_stack) {
    xml.open("installerAssembly");
    write_identity_attributes(xml, *manifest.servicing_stack);
    xml.close();
  }
  if (!manifest.capabilities.empty() || !manifest.required_capabilities.empty()) {
    xml.open("declareCapability");
    write_capabilities(xml, "capability", manifest.capabilities);
    write_capabilities(xml, "dependency", manifest.required_capabilities);
    xml.close();
  }
  for (const PackageUpdate& update : manifest.updates) write_update(xml, update);
  if (manifest.package_size != 0) {
    xml.open("packageExtended");
    xml.attribute("packageSize", std::to_string(manifest.package_size));
    xml.close();
  }
  xml.close();
  xml.close();
  return std::move(xml).take();
}

}  // namespace winnow
