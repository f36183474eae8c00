// A package manifest (.mum, servicing.md 3): a named, selectable group of packages and components.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "manifest/assembly_identity.hpp"
#include "manifest/version_compare.hpp"

namespace winnow {

// The four parts of a version as servicing calls them; which name stands for which part is inferred from their order.
inline constexpr std::array<std::string_view, 4> kVersionPartNames = {"distribution", "service", "build", "revision"};

// <parent>: a package that must be on the image before this one is applicable; several are alternatives.
struct PackageParent {
  std::vector<AssemblyIdentity> identities;  // any of them, never empty
  std::string disposition;                   // "detect": tested only; "": this package becomes a child of it as well
  std::string integrate;                     // how the package is listed: separate, delegate, hidden, visible
  std::string set;                           // "languageResources"
  std::array<std::optional<VersionCompare>, 4> compare;  // by kVersionPartNames: distributionCompare …
  std::uint32_t line = 0;                                // not part of equality

  bool operator==(const PackageParent& other) const {
    return identities == other.identities && disposition == other.disposition && integrate == other.integrate &&
           set == other.set && compare == other.compare;
  }
};

// Does `present` satisfy one of the parent's identities: the same name, token, architecture and language, and a version
// as asked. Parts are compared from the left; a part that is greater where at least is asked decides for those behind
// it [inferred: servicing.md 3 has no sample that tells]. Without any comparison the build must be the same.
[[nodiscard]] bool satisfies(const AssemblyIdentity& present, const PackageParent& parent);
// "10.0.19041.1 or later", "build 19041": the versions a parent accepts of its first identity.
[[nodiscard]] std::string accepted_versions(const PackageParent& parent);

// What an <update> names: another package, a component (mostly a deployment) or a driver.
struct PackageReference {
  enum class Kind { package, component, driver };
  Kind kind = Kind::component;
  AssemblyIdentity identity;
  bool contained = false;      // of a package: shipped inside, and skipped where it is not applicable
  std::string integrate = {};  // of a package: hidden, visible
  std::string inf = {};        // of a driver: its INF file
  std::string ranking = {};    // of a driver
  std::uint32_t line = 0;      // in the .mum, 0 when made in memory; not part of equality

  bool operator==(const PackageReference& other) const {
    return kind == other.kind && identity == other.identity && contained == other.contained &&
           integrate == other.integrate && inf == other.inf && ranking == other.ranking;
  }
};

// <updateComponent>: the update is for images that have the component already, at a lower version.
struct UpdatedComponent {
  std::string elevate;  // the part of the version that may rise: revision, distribution
  AssemblyIdentity identity;

  bool operator==(const UpdatedComponent&) const = default;
};

// <applicable>: when an update is on by itself.
struct UpdateCondition {
  std::string disposition;                   // detect, staged
  std::vector<std::string> updates;          // detectUpdate: on when any of these of the same package is on
  std::vector<UpdatedComponent> components;  // updateComponent: on when any of these is on the image

  bool operator==(const UpdateCondition&) const = default;
};

struct PackageUpdate {
  std::string name;
  std::string display_name;
  std::string description;
  std::string restart;         // "required", "possible", ""
  bool selectable = false;     // has a <selectable>: a feature that a request turns on by name
  bool on_by_default = false;  // of a selectable: detectNone@default
  std::optional<UpdateCondition> condition;
  std::vector<PackageReference> references;

  bool operator==(const PackageUpdate&) const = default;
};

// A Feature on Demand's name: "OpenSSH.Server~~~~1.0" for DISM.
struct Capability {
  std::string name;
  std::string version;
  std::string language;

  bool operator==(const Capability&) const = default;
};

struct PackageManifest {
  AssemblyIdentity identity;
  std::string identifier;    // package@identifier; in the open feed the role's name: "base", "service-control"
  std::string release_type;  // package@releaseType; "Product" = the root every image of the feed starts from
  std::string restart;       // "required", "possible", ""
  std::string permanence;    // "permanent": cannot be uninstalled
  std::string psf_name;      // the file of deltas beside the cabinet
  std::string display_name;  // for people: "Service control manager"
  std::string description;
  std::vector<PackageParent> parents;               // any one; none = applicable everywhere
  std::optional<AssemblyIdentity> servicing_stack;  // <installerAssembly>: the least one that can install this
  std::vector<Capability> capabilities;             // declared
  std::vector<Capability> required_capabilities;
  std::uint64_t package_size = 0;  // packageExtended: bytes when installed, as a hint
  std::vector<PackageUpdate> updates;
  std::map<std::string, std::uint32_t>
      ignored_elements;  // "package/localizedStrings", "update/capability" … -> count; not printed

  bool operator==(const PackageManifest&) const = default;
};

[[nodiscard]] Result<PackageManifest> parse_package_manifest(std::string_view text, const std::string& file);
// One spelling for one value, as print_component_manifest.
[[nodiscard]] std::string print_package_manifest(const PackageManifest& manifest);

}  // namespace winnow
