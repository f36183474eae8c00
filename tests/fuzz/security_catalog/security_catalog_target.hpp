// What the fuzzer of security catalogs and the replay of its corpus call.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "payload/security_catalog.hpp"
#include "payload/trust_list.hpp"

namespace winnow::testing {

// The input as a catalog, and as the list inside one. Ends the program when nobody is trusted and somebody is.
inline void read_any_catalog(ByteView bytes) {
  TrustListMembers members;
  (void)read_trust_list(bytes, members);
  const auto catalog = SecurityCatalog::parse(bytes, "input");
  if (!catalog) return;
  if (!std::is_sorted(catalog->sha256_members().begin(), catalog->sha256_members().end())) std::abort();
  if (catalog->check_signature(TrustedRoots()).state == CatalogSignature::State::trusted) std::abort();
}

}  // namespace winnow::testing
