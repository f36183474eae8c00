// What servicing keeps in an image of the packages that are installed (servicing.md 8 and 9): the component store
// (WinSxS: manifests, payload, security catalogs), the packages' own manifests, the hive COMPONENTS, and the state in
// SOFTWARE. With it DISM could go on with the image; no DISM has tried.
#pragma once

#include <map>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "plan/registry_builder.hpp"
#include "plan/tree_builder.hpp"
#include "resolve/package_closure.hpp"

namespace winnow {

struct ComponentStoreInput {
  const Catalog& catalog;
  const PackageClosure& packages;
  std::map<ComponentId, OwnerId> owners;  // of the components that are installed
  std::int64_t epoch = 0;
  std::uint32_t file_security = 0;  // of what only TrustedInstaller may write
  std::uint32_t directory_security = 0;
};

// SDDL of the two: TrustedInstaller owns and writes, everybody reads.
inline constexpr std::string_view kStoreFileSddl =
    "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
    "G:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
    "D:P(A;;FA;;;S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464)"
    "(A;;0x1200a9;;;BA)(A;;0x1200a9;;;SY)(A;;0x1200a9;;;BU)";
inline constexpr std::string_view kStoreDirectorySddl =
    "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
    "G:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
    "D:P(A;OICI;FA;;;S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464)"
    "(A;OICI;0x1200a9;;;BA)(A;OICI;0x1200a9;;;SY)(A;OICI;0x1200a9;;;BU)";

// Payload that a manifest projects is linked to its projection; the rest, and that of superseded components, lies in
// the store only. Manifests are written as plain text, which servicing takes as well as its deltas. Errors: a manifest
// that cannot be read.
[[nodiscard]] Result<void> add_component_store(const ComponentStoreInput& input, TreeBuilder& tree,
                                               RegistryBuilder& registry);

}  // namespace winnow
