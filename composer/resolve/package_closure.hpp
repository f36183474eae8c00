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
  std::vector<ComponentId> left_out;    // what something needs and servicing leaves out: its prerequisite is not there
  std::vector<ComponentId> superseded;  // brought too, and lost to a newer version, ascending
  std::vector<std::string> notes;       // why, a line each; features and their states
  std::vector<std::string> unchecked;   // what somebody should know before the image is used, a line each
  std::vector<Fault> missing;           // what packages name and no feed has
};

// Packages by name or package id, features by name, both in any case; only those of feeds that are media.
// An update that the base has need not be there whole: what it names besides is for packages that are not on the base.
// Errors: as close_servicing(), and manifests that cannot be read; a package that is added to a base whose update is
// not there whole, so that nobody knows what it would raise of the package.
[[nodiscard]] Result<PackageClosure> close_packages(const Catalog& catalog, const ServicingRequest& request);

// Components of which an update of the request has a newer version, whether servicing installs it or not, ascending:
// what an image of components has no use for.
[[nodiscard]] Result<std::vector<ComponentId>> updated_components(const Catalog& catalog,
                                                                  const ServicingRequest& request);

// Whether the package belongs to media.
[[nodiscard]] bool is_windows_package(const Catalog& catalog, PackageId id);

}  // namespace winnow
