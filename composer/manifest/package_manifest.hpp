// A package manifest (.mum, servicing.md 3): a named, selectable group of packages and components.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "manifest/assembly_identity.hpp"

namespace winnow {

// What an <update> names: another package or a component.
struct PackageReference {
  enum class Kind { package, component };
  Kind kind = Kind::component;
  AssemblyIdentity identity;
  std::uint32_t line = 0;  // in the .mum, 0 when made in memory; not part of equality

  bool operator==(const PackageReference& other) const { return kind == other.kind && identity == other.identity; }
};

struct PackageUpdate {
  std::string name;
  std::string display_name;
  bool selectable = false;  // has a <selectable>: a feature that a request turns on by name
  std::vector<PackageReference> references;

  bool operator==(const PackageUpdate&) const = default;
};

struct PackageManifest {
  AssemblyIdentity identity;
  std::string identifier;    // package@identifier; in the open feed the role's name: "base", "service-control"
  std::string release_type;  // package@releaseType; "Product" = the root every image of the feed starts from
  std::string display_name;  // for people: "Service control manager"
  std::string description;
  std::vector<PackageUpdate> updates;
  std::map<std::string, std::uint32_t>
      ignored_elements;  // "package/parent", "update/applicable" … -> count; not printed

  bool operator==(const PackageManifest&) const = default;
};

[[nodiscard]] Result<PackageManifest> parse_package_manifest(std::string_view text, const std::string& file);
// One spelling for one value, as print_component_manifest.
[[nodiscard]] std::string print_package_manifest(const PackageManifest& manifest);

}  // namespace winnow
