// Which packages and components of a servicing repository belong together, in Windows' own terms (servicing.md 6):
// exact references, applicability through parents, updates that are on or off, languages, prerequisites, winners.
// Nothing is chosen here: servicing's references leave no choice. What is missing is a row with everybody who asked.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "servicing/file_conflicts.hpp"
#include "servicing/servicing_repository.hpp"

namespace winnow {

struct ServicingRequest {
  std::vector<std::string> packages;   // names, or package ids: "name~token~arch~lang~version"
  std::set<std::string> features;      // names of selectable updates to turn on, lower case
  std::set<std::string> features_off;  // and off, even where they are on by default
  bool all_parents = false;            // and on with them what their conditions name, as DISM does for -All
  std::set<std::string> languages;     // of satellites: "en-us"
  // Updates, by name or package id: installed when all of `packages` are, those of the servicing stack first, so that
  // they raise whatever has come in.
  std::vector<std::string> updates;
  std::vector<std::string> installed;  // of both, the package ids that an existing image has
  std::vector<AssemblyIdentity> base;  // packages and components that are on the image already
  // References name exact versions. True: the newest version of the name, architecture and language will do, for sets
  // whose manifests were rendered to one version; every such step is counted.
  bool any_version = false;
};

// Somebody who names something.
struct Asker {
  std::string name;  // of the package or component; "the request"
  Place place;

  auto operator<=>(const Asker&) const = default;
};

struct MissingReference {
  PackageReference::Kind kind = PackageReference::Kind::component;
  AssemblyIdentity wanted;
  std::vector<Version> found;  // versions of that name, architecture and language that are there, oldest first
  std::vector<Asker> askers;   // sorted, never empty
};

// A package that was reached and cannot be installed: none of its parents is there.
struct InapplicablePackage {
  PackageIndex package = 0;
  bool is_contained = false;         // shipped inside another that may do without it: no fault
  std::vector<std::string> reasons;  // one for each parent: "needs X build at least 19041: it is not there"
  std::vector<Asker> askers;
};

// A component that fell because of a prerequisite, or of what fell before it.
struct DroppedComponent {
  ComponentIndex component = 0;
  AssemblyIdentity prerequisite;
  Place place;
};

// A component that an update of a package names itself.
struct NamedComponent {
  ComponentIndex component = 0;
  Asker asker;

  auto operator<=>(const NamedComponent&) const = default;
};

struct FeatureState {
  std::string name;
  PackageIndex package = 0;
  bool is_on = false;
  std::string why;  // "asked for", "on by default", "off by default", "Microsoft-Hyper-V-All is off", …
};

struct ServicingClosure {
  std::vector<PackageIndex> packages;      // applicable, ascending
  std::vector<ComponentIndex> components;  // ascending; of each family the newest, and all of side-by-side ones
  std::vector<ComponentIndex> losers;      // older ones of a family, not installed
  std::vector<NamedComponent> named;       // of both, those that packages name; the others are their dependencies
  std::vector<MissingReference> missing;   // packages, then components, then drivers; by identity
  std::vector<InapplicablePackage> inapplicable;
  std::vector<DroppedComponent> dropped;
  std::vector<FileConflict> conflicts;
  std::vector<FeatureState> features;   // every selectable update of the packages, by package and order
  std::vector<PackageIndex> unchecked;  // ask for a servicing stack, of which there is none
  std::uint32_t other_versions = 0;     // references met by another version (any_version)
};

// Errors (input): a package of the request that no folder has or that is not applicable, with its reasons; a feature
// nobody has; packages that contain one another, shown as a loop; a package for a newer servicing stack.
[[nodiscard]] Result<ServicingClosure> close_servicing(const ServicingRepository& repository,
                                                       const ServicingRequest& request);

}  // namespace winnow
