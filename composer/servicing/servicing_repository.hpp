// Packages and components of Windows servicing, found by what identifies them: what stands in a manifest, never the
// name of its file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/package_manifest.hpp"

namespace winnow {

struct ServicedPackage {
  PackageManifest manifest;
  std::string file;  // for messages
};

struct ServicedComponent {
  ComponentManifest manifest;
  std::string file;
};

using PackageIndex = std::uint32_t;    // into ServicingRepository::packages()
using ComponentIndex = std::uint32_t;  // into ServicingRepository::components()

class ServicingRepository {
 public:
  // Error: one identity with two different manifests, both files named; the same manifest twice counts once.
  [[nodiscard]] static Result<ServicingRepository> of(std::vector<ServicedPackage> packages,
                                                      std::vector<ServicedComponent> components);

  // Sorted by identity.
  [[nodiscard]] std::span<const ServicedPackage> packages() const { return packages_; }
  [[nodiscard]] std::span<const ServicedComponent> components() const { return components_; }

  // What has the name, architecture and language of `identity` (names in any case), whatever its version and token;
  // oldest first.
  [[nodiscard]] std::vector<PackageIndex> package_versions(const AssemblyIdentity& identity) const;
  [[nodiscard]] std::vector<ComponentIndex> component_versions(const AssemblyIdentity& identity) const;
  [[nodiscard]] std::vector<PackageIndex> packages_named(std::string_view name) const;
  [[nodiscard]] std::vector<ComponentIndex> components_named(std::string_view name) const;

 private:
  std::vector<ServicedPackage> packages_;
  std::vector<ServicedComponent> components_;
  std::vector<std::uint32_t> packages_by_name_, components_by_name_;  // sorted by lower-case name, then as above
};

// Do two identities name the same thing: names, architectures, tokens and languages in any case, versions alike?
[[nodiscard]] bool is_same_identity(const AssemblyIdentity& a, const AssemblyIdentity& b);

}  // namespace winnow
