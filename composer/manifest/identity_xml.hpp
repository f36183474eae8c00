// <assemblyIdentity> in both directions, shared by every manifest that names one.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "manifest/assembly_identity.hpp"
#include "manifest/xml_document.hpp"
#include "manifest/xml_writer.hpp"

namespace winnow {

inline constexpr std::size_t kMaxIdentityText = 255;  // characters of one part; it becomes a file's name

// The identity that the attributes of `element` state. Faults go to `faults` and give nothing. Refused beside missing
// parts and bad versions: characters that cannot stand in the name of a file, as names of manifests are made from this.
[[nodiscard]] std::optional<AssemblyIdentity> parse_identity(const XmlElement& element, Diagnostics& faults);

// The identity in the <assemblyIdentity> child of `parent`; a fault when there is none.
[[nodiscard]] std::optional<AssemblyIdentity> parse_child_identity(const XmlElement& parent, Diagnostics& faults);

// The attributes of an identity, of the open element.
void write_identity_attributes(XmlWriter& xml, const AssemblyIdentity& identity);
void write_identity(XmlWriter& xml, const AssemblyIdentity& identity);

}  // namespace winnow
