// The parts of a component manifest, each read and written by one pair of functions that are each other's inverse.
// Readers add to `manifest` and `faults`; what they know but the type has no place for is counted as ignored.
#pragma once

#include <string>
#include <string_view>

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

}  // namespace winnow
