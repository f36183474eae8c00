// The parts of a component manifest, each read and written by one pair of functions that are each other's inverse.
// Readers add to `manifest` and `faults`; what they know but the type has no place for is counted as ignored.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/xml_document.hpp"
#include "manifest/xml_writer.hpp"

namespace winnow {

struct ComponentReader {
  ComponentManifest& manifest;
  Diagnostics& faults;

  void ignore(const std::string& what) const { ++manifest.ignored_elements[what]; }
  void refuse(const Place& place, const std::string& message) const { faults.add(place, message); }
};

// Whether `element` belongs to servicing's own vocabulary: asm.v1, asm.v2 or asm.v3.
[[nodiscard]] bool is_assembly_element(const XmlElement& element);
// "true", "yes" and "1" are true, as servicing.md 4.2 asks; case is free, absent is false.
[[nodiscard]] bool is_set(const XmlElement& element, std::string_view attribute);
// A path without its final '\' characters.
[[nodiscard]] std::string without_final_backslash(std::string_view path);
// The name in the <securityDescriptor> child, "" when there is none.
[[nodiscard]] std::string descriptor_name(const XmlElement& element);
void write_descriptor_name(XmlWriter& xml, const std::string& name);

// Counts the attributes of `element` that are not `known`, as "<what>@<name>"; those of foreign namespaces too.
void ignore_others(const ComponentReader& reader, const XmlElement& element, const std::string& what,
                   std::initializer_list<std::string_view> known);
// The attributes without namespace; the others are counted as "<what>@<name>".
[[nodiscard]] ManifestAttributes plain_attributes(const ComponentReader& reader, const XmlElement& element,
                                                  const std::string& what);
// `text` without blanks and line ends around it.
[[nodiscard]] std::string trimmed(const std::string& text);

void read_file(const ComponentReader& reader, const XmlElement& element);
void write_files(XmlWriter& xml, const ComponentManifest& manifest);
// What winnow's namespace adds; false when `element` is no part of that.
[[nodiscard]] bool read_winnow_part(const ComponentReader& reader, const XmlElement& element);
void write_relations(XmlWriter& xml, const ComponentManifest& manifest);
void read_directories(const ComponentReader& reader, const XmlElement& element);
void write_directories(XmlWriter& xml, const ComponentManifest& manifest);
void read_registry_keys(const ComponentReader& reader, const XmlElement& element);
void write_registry_keys(XmlWriter& xml, const ComponentManifest& manifest);
void read_memberships(const ComponentReader& reader, const XmlElement& element);
void write_memberships(XmlWriter& xml, const ComponentManifest& manifest);
void read_service(const ComponentReader& reader, const XmlElement& element);
void write_service(XmlWriter& xml, const ComponentService& service);
void read_configuration(const ComponentReader& reader, const XmlElement& element);
void write_configuration(XmlWriter& xml, const ComponentManifest& manifest);
void read_localization(const ComponentReader& reader, const XmlElement& element);
void write_localization(XmlWriter& xml, const ComponentManifest& manifest);
void read_instrumentation(const ComponentReader& reader, const XmlElement& element);
void write_instrumentation(XmlWriter& xml, const ComponentManifest& manifest);
void read_firewall_rule(const ComponentReader& reader, const XmlElement& element);
void write_firewall_rules(XmlWriter& xml, const ComponentManifest& manifest);
void read_generic_commands(const ComponentReader& reader, const XmlElement& element);
void read_mof(const ComponentReader& reader, const XmlElement& element);
void read_tasks(const ComponentReader& reader, const XmlElement& element);
// An element that is all attributes, as work for the installed system.
void read_plain_work(const ComponentReader& reader, const XmlElement& element, std::vector<FirstBootWork>& work);
void write_work(XmlWriter& xml, const std::vector<FirstBootWork>& work);

}  // namespace winnow
