// What a request's Windows packages bring, in servicing's own terms (servicing/servicing_closure.hpp), as components of
// the catalog. Servicing's references leave no choice; what is left to choose is for resolve.hpp.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "servicing/servicing_closure.hpp"

namespace winnow {

struct PackageMember {
  ComponentId component = 0;
  std::string package;  // that names it
  Place place;

  auto operator<=>(const PackageMember&) const = default;
};

struct PackageClosure {
  std::vector<PackageId> packages;      // applicable, ascending
  std::vector<ComponentId> components;  // all they bring, ascending; of each family the newest
  std::vector<PackageMember> named;     // those of them that packages name themselves
  std::vector<ComponentId> left_out;    // what something needs and servicing leaves out: see below
  std::vector<std::string> notes;       // why, a line each; features and their states
  std::vector<Fault> missing;           // what packages name and no feed has
};

// Packages by name or package id, features by name, both in any case; only those of feeds that are media. Left out are
// components whose prerequisite is not there, and those that lost to a newer version.
// Errors: as close_servicing(), and manifests that cannot be read.
[[nodiscard]] Result<PackageClosure> close_packages(const Catalog& catalog, const ServicingRequest& request);

// Whether the package belongs to media.
[[nodiscard]] bool is_windows_package(const Catalog& catalog, PackageId id);

}  // namespace winnow
