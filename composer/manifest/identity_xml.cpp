#include "manifest/identity_xml.hpp"

#include <array>
#include <string>
#include <utility>

namespace winnow {
namespace {

constexpr std::string_view kForbidden = "\\/:\"<>|?~";

// Why `value` cannot be a part of an identity; "" when it can. '*' is what a selector over languages is written as.
std::string reason_against(std::string_view value) {
  if (value.size() > kMaxIdentityText) return "it is longer than 255 characters";
  for (const char c : value) {
    if (static_cast<unsigned char>(c) < 0x20) return "it holds a control character";
    if (kForbidden.find(c) != std::string_view::npos) return "it holds '" + std::string(1, c) + "'";
  }
  if (value == "." || value == "..") return "it would leave its folder";
  return {};
}

}  // namespace

std::optional<AssemblyIdentity> parse_identity(const XmlElement& element, Diagnostics& faults) {
  AssemblyIdentity identity;
  bool valid = true;
  const auto refuse = [&](const std::string& what, const std::string& reason) {
    faults.add(element.place(), "cannot read " + what + " of <" + std::string(element.name()) + ">: " + reason);
    valid = false;
  };
  const std::array<std::pair<const char*, std::string*>, 6> parts = {{{"name", &identity.name},
                                                                      {"processorArchitecture", &identity.architecture},
                                                                      {"language", &identity.language},
                                                                      {"publicKeyToken", &identity.public_key_token},
                                                                      {"type", &identity.type},
                                                                      {"versionScope", &identity.version_scope}}};
  for (const auto& [name, part] : parts) {
    if (const auto value = element.attribute(name)) *part = *value;
    if (const std::string reason = reason_against(*part); !reason.empty()) refuse(name, reason);
  }
  if (identity.name.empty()) refuse("name", "it is missing");
  const std::string version = element.attribute_text("version");
  const auto parsed = parse_version(version);
  if (parsed) identity.version = *parsed;
  if (!parsed) refuse("version", "\"" + version + "\" is not four numbers up to 65535");
  if (identity.language.empty()) identity.language = "neutral";
  return valid ? std::optional(std::move(identity)) : std::nullopt;
}

std::optional<AssemblyIdentity> parse_child_identity(const XmlElement& parent, Diagnostics& faults) {
  if (const auto child = parent.child("assemblyIdentity")) return parse_identity(*child, faults);
  faults.add(parent.place(), "cannot read <" + std::string(parent.name()) + ">: it has no <assemblyIdentity>");
  return std::nullopt;
}

void write_identity_attributes(XmlWriter& xml, const AssemblyIdentity& identity) {
  xml.attribute("name", identity.name);
  xml.attribute("version", to_string(identity.version));
  xml.optional_attribute("processorArchitecture", identity.architecture);
  xml.attribute("language", identity.language);
  xml.optional_attribute("publicKeyToken", identity.public_key_token);
  xml.optional_attribute("type", identity.type);
  xml.optional_attribute("versionScope", identity.version_scope);
}

void write_identity(XmlWriter& xml, const AssemblyIdentity& identity) {
  xml.open("assemblyIdentity");
  write_identity_attributes(xml, identity);
  xml.close();
}

}  // namespace winnow
