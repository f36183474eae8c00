// What media with Windows' packages hold: each set, who signed it, whether it is as it was signed, and what its
// manifests name that is not there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "servicing/check_package_set.hpp"
#include "servicing/media_source.hpp"

namespace winnow {

struct SetReport {
  std::string name;
  std::vector<CheckedCatalog> catalogs;
  std::size_t deltas = 0;  // component manifests that were deltas
  std::size_t files = 0;   // payload files of the SHA-256 that their manifests state
  ByteCount bytes = 0;     // of theirs
  std::vector<std::string> unclaimed;
};

struct MediaPackage {
  PackageManifest manifest;
  std::string file;               // of the first set that holds it: "<set>/<file>"
  std::vector<std::size_t> sets;  // which hold it, ascending
  std::string catalog;            // of the first; "" when none names it
};

struct MediaComponent {
  ComponentManifest manifest;
  std::string file;
  std::vector<std::size_t> sets;
  std::string catalog;
};

struct MissingPart {
  PackageReference::Kind kind = PackageReference::Kind::component;
  AssemblyIdentity identity;
  std::vector<std::string> wanted_by;  // identities as text, sorted
  std::vector<Version> found;          // other versions of the same that are there, ascending
};

struct MediaReport {
  std::vector<SetReport> sets;
  std::vector<MediaPackage> packages;                     // by identity; the same in several sets once
  std::vector<MediaComponent> components;                 // by identity
  std::vector<MissingPart> missing;                       // packages first, by identity
  std::map<std::string, std::uint32_t> ignored_elements;  // of all manifests: read, not applied
  std::vector<Fault> faults;  // sets that could not be read, and what check_package_set() found
};

// Reads all of it, set after set; a set that cannot be read is a fault.
[[nodiscard]] MediaReport examine_media(const Media& media, ByteView dictionary, const TrustPolicy& policy);

// Packages that updates name, and components that updates and install dependencies name, which are not there in just
// that version. Selectors (language "*", resources) and prerequisites ask for nothing.
[[nodiscard]] std::vector<MissingPart> find_missing_parts(const std::vector<MediaPackage>& packages,
                                                          const std::vector<MediaComponent>& components);

}  // namespace winnow
