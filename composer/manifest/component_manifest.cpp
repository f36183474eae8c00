#include "manifest/component_manifest.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"
#include "manifest/identity_xml.hpp"

namespace winnow {
namespace {

void read_dependent_assembly(const ComponentReader& reader, const XmlElement& dependency, const XmlElement& element) {
  ComponentDependency edge;
  const std::string type = element.attribute_text("dependencyType");
  if (ascii_iequals(type, "prerequisite")) {
    edge.type = DependencyType::prerequisite;
  } else if (!type.empty() && !ascii_iequals(type, "install")) {
    reader.refuse(element.place(),
                  "cannot read dependencyType \"" + type + "\": it is neither install nor prerequisite");
  }
  edge.resources = ascii_iequals(dependency.attribute_text("resourceType"), "Resources");
  edge.line = dependency.place().line;
  edge.name = dependency.attribute_text("name");
  auto identity = parse_child_identity(element, reader.faults);
  if (!identity) return;
  edge.identity = std::move(*identity);
  reader.manifest.dependencies.push_back(std::move(edge));
}

void read_dependency(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& child : element.children()) {
    if (child.name() == "dependentAssembly") {
      read_dependent_assembly(reader, element, child);
    } else {
      reader.ignore("dependency/" + std::string(child.name()));
    }
  }
}

void read_definition(const ComponentReader& reader, const XmlElement& element) {
  const std::string name = element.attribute_text("name");
  const std::string sddl = element.attribute_text("sddl");
  if (name.empty()) reader.refuse(element.place(), "cannot read <securityDescriptorDefinition>: it has no name");
  const auto [known, added] = reader.manifest.security_definitions.emplace(name, sddl);
  if (!added && known->second != sddl) {
    reader.refuse(element.place(),
                  "cannot read security descriptor \"" + name + "\": it is defined twice, differently");
  }
}

void read_trust_info(const ComponentReader& reader, const XmlElement& element) {
  constexpr std::array<std::string_view, 4> kPath = {"security", "accessControl", "securityDescriptorDefinitions",
                                                     "securityDescriptorDefinition"};
  std::vector<XmlElement> level = {element};
  for (const std::string_view step : kPath) {
    std::vector<XmlElement> next;
    for (const XmlElement& parent : level) {
      for (const XmlElement& child : parent.children()) {
        if (child.name() == step) {
          next.push_back(child);
        } else {
          reader.ignore("trustInfo/" + std::string(child.name()));
        }
      }
    }
    level = std::move(next);
  }
  for (const XmlElement& definition : level) read_definition(reader, definition);
}

using Read = void (*)(const ComponentReader&, const XmlElement&);
void read_deployment(const ComponentReader& reader, const XmlElement& element) {
  reader.manifest.is_deployment = true;
  for (const XmlElement& child : element.children()) reader.ignore("deployment/" + std::string(child.name()));
}

constexpr std::array<std::pair<std::string_view, Read>, 14> kParts = {{{"dependency", read_dependency},
                                                                       {"file", read_file},
                                                                       {"directories", read_directories},
                                                                       {"registryKeys", read_registry_keys},
                                                                       {"memberships", read_memberships},
                                                                       {"trustInfo", read_trust_info},
                                                                       {"deployment", read_deployment},
                                                                       {"configuration", read_configuration},
                                                                       {"localization", read_localization},
                                                                       {"instrumentation", read_instrumentation},
                                                                       {"firewallRule", read_firewall_rule},
                                                                       {"genericCommands", read_generic_commands},
                                                                       {"mof", read_mof},
                                                                       {"taskScheduler", read_tasks}}};

void read_part(const ComponentReader& reader, const XmlElement& element) {
  const auto* part =
      std::find_if(kParts.begin(), kParts.end(), [&](const auto& known) { return known.first == element.name(); });
  if (part != kParts.end() && is_assembly_element(element)) return part->second(reader, element);
  if (read_winnow_part(reader, element)) return;
  if (element.name() != "assemblyIdentity") reader.ignore(std::string(element.name()));
}

void write_dependency(XmlWriter& xml, const ComponentDependency& dependency) {
  xml.open("dependency");
  xml.attribute("discoverable", "no");
  xml.optional_attribute("name", dependency.name);
  if (dependency.resources) xml.attribute("resourceType", "Resources");
  xml.open("dependentAssembly");
  xml.attribute("dependencyType", dependency.type == DependencyType::install ? "install" : "prerequisite");
  write_identity(xml, dependency.identity);
  xml.close();
  xml.close();
}

void write_trust_info(XmlWriter& xml, const ComponentManifest& manifest) {
  if (manifest.security_definitions.empty()) return;
  constexpr std::array<std::string_view, 4> kPath = {"trustInfo", "security", "accessControl",
                                                     "securityDescriptorDefinitions"};
  for (const std::string_view step : kPath) xml.open(step);
  for (const auto& [name, sddl] : manifest.security_definitions) {
    xml.open("securityDescriptorDefinition");
    xml.attribute("name", name);
    xml.attribute("sddl", sddl);
    xml.attribute("operationHint", "replace");
    xml.close();
  }
  for (std::size_t i = 0; i < kPath.size(); ++i) xml.close();
}

}  // namespace

bool is_assembly_element(const XmlElement& element) {
  return element.namespace_uri().starts_with("urn:schemas-microsoft-com:asm.v");
}

bool is_set(const XmlElement& element, std::string_view attribute) {
  const std::string value = element.attribute_text(attribute);
  return ascii_iequals(value, "true") || ascii_iequals(value, "yes") || value == "1";
}

std::string without_final_backslash(std::string_view path) {
  while (!path.empty() && path.back() == '\\') path.remove_suffix(1);
  return std::string(path);
}

void ignore_others(const ComponentReader& reader, const XmlElement& element, const std::string& what,
                   std::initializer_list<std::string_view> known) {
  for (const XmlAttribute& attribute : element.attributes()) {
    const bool is_known =
        attribute.namespace_uri.empty() && std::find(known.begin(), known.end(), attribute.name) != known.end();
    if (!is_known && attribute.namespace_uri != kWinnowNamespace)
      reader.ignore(what + "@" + std::string(attribute.name));
  }
}

ManifestAttributes plain_attributes(const ComponentReader& reader, const XmlElement& element, const std::string& what) {
  ManifestAttributes plain;
  for (const XmlAttribute& attribute : element.attributes()) {
    if (attribute.namespace_uri.empty()) {
      plain.emplace_back(attribute.name, attribute.value);
    } else {
      reader.ignore(what + "@" + std::string(attribute.name));
    }
  }
  return plain;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string descriptor_name(const XmlElement& element) {
  const auto descriptor = element.child("securityDescriptor");
  return descriptor ? descriptor->attribute_text("name") : std::string();
}

void write_descriptor_name(XmlWriter& xml, const std::string& name) {
  if (name.empty()) return;
  xml.open("securityDescriptor");
  xml.attribute("name", name);
  xml.close();
}

Result<ComponentManifest> parse_component_manifest(std::string_view text, const std::string& file) {
  WINNOW_TRY(const XmlDocument document, XmlDocument::parse(text, file));
  const XmlElement root = document.root();
  if (root.name() != "assembly" || !is_assembly_element(root)) {
    return fail(root.place(),
                "cannot read component manifest: its root is not <assembly> of " + std::string(kAssemblyNamespace));
  }
  ComponentManifest manifest;
  Diagnostics faults;
  const ComponentReader reader{manifest, faults};
  if (auto identity = parse_child_identity(root, faults)) manifest.identity = std::move(*identity);
  manifest.description = root.attribute_text("description");
  manifest.display_name = root.attribute_text("displayName");
  for (const XmlElement& element : root.children()) read_part(reader, element);
  if (!faults.empty()) return fail(std::move(faults).error());
  return manifest;
}

std::string print_component_manifest(const ComponentManifest& manifest) {
  XmlWriter xml;
  xml.open("assembly");
  xml.attribute("xmlns", kAssemblyNamespace);
  xml.attribute("xmlns:asmv2", "urn:schemas-microsoft-com:asm.v2");
  xml.attribute("xmlns:dsig", "http://www.w3.org/2000/09/xmldsig#");
  xml.attribute("xmlns:winnow", kWinnowNamespace);
  xml.attribute("manifestVersion", "1.0");
  xml.optional_attribute("description", manifest.description);
  xml.optional_attribute("displayName", manifest.display_name);
  write_identity(xml, manifest.identity);
  if (manifest.is_deployment) {
    xml.open("deployment");
    xml.close();
  }
  for (const ComponentDependency& dependency : manifest.dependencies) write_dependency(xml, dependency);
  write_relations(xml, manifest);
  write_files(xml, manifest);
  write_directories(xml, manifest);
  write_registry_keys(xml, manifest);
  write_memberships(xml, manifest);
  write_configuration(xml, manifest);
  write_instrumentation(xml, manifest);
  write_firewall_rules(xml, manifest);
  write_work(xml, manifest.work);
  write_trust_info(xml, manifest);
  write_localization(xml, manifest);
  xml.close();
  return std::move(xml).take();
}

}  // namespace winnow
