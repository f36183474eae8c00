// Whether every byte of a package set is what its maker signed for: each manifest a member of a security catalog of the
// set, each payload file of the SHA-256 that its manifest states, each catalog signed.
#pragma once

#include <string>
#include <vector>

#include "payload/security_catalog.hpp"
#include "servicing/package_set.hpp"

namespace winnow {

struct TrustPolicy {
  TrustedRoots roots;           // none: chains are followed, and where they end is reported, not judged
  bool allow_unsigned = false;  // for packages of one's own: catalogs may be absent, and need no signer
};

struct CheckedCatalog {
  std::string file;
  CatalogSignature signature;
};

struct PackageSetCheck {
  std::vector<CheckedCatalog> catalogs;         // as PackageSet::catalogs
  std::vector<std::string> package_catalogs;    // of each package, the catalog that names it; "" when none does
  std::vector<std::string> component_catalogs;  // of each component
  std::size_t files = 0;                        // payload files compared and found equal
  ByteCount bytes = 0;                          // of theirs
  std::vector<Fault> faults;                    // empty: all is as it was signed
};

// Reads all payload. Faults, by file: "cannot trust <set>/<manifest>: no security catalog of the set names it", "cannot
// trust <set>/<catalog>: unsigned", "cannot use <set>/<file>: its SHA-256 is <a>, <manifest> says <b>" …
[[nodiscard]] PackageSetCheck check_package_set(const PackageSet& set, const TrustPolicy& policy);
// The same without payload: `files` and `bytes` stay 0.
[[nodiscard]] PackageSetCheck check_signatures(const PackageSet& set, const TrustPolicy& policy);

}  // namespace winnow
