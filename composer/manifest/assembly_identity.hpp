// The name of everything in Windows servicing: packages, deployments and components (servicing.md 3, 4.1 and 5).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

// Four parts, each at most 65535: "10.0.20348.2113".
struct Version {
  std::array<std::uint16_t, 4> parts{};

  auto operator<=>(const Version&) const = default;
};

// Exactly four decimal parts, or nothing.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);
[[nodiscard]] std::string to_string(const Version& version);

struct AssemblyIdentity {
  std::string name;
  Version version;
  std::string architecture;  // processorArchitecture: amd64, x86, arm64, msil, wow64, neutral
  std::string language = "neutral";
  std::string public_key_token;
  std::string type;           // "" when absent: win32, dualModeDriver
  std::string version_scope;  // "" when absent: nonSxS

  auto operator<=>(const AssemblyIdentity&) const = default;
};

// Package id: "name~token~arch~lang~version", lang empty for neutral.
[[nodiscard]] std::string package_id(const AssemblyIdentity& identity);
// Component-store name: "arch_name_token_version_lang_hash", lower case (servicing.md 5).
[[nodiscard]] std::string key_form(const AssemblyIdentity& identity);
// The same without the version, in text and hash: the family whose newest member wins (servicing.md 5).
[[nodiscard]] std::string family_key(const AssemblyIdentity& identity);
// "name version arch [lang]", for people.
[[nodiscard]] std::string to_string(const AssemblyIdentity& identity);

}  // namespace winnow
