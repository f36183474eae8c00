// The part of a Catalog that given components can reach through any alternative, as a Universe. Only the manifests and
// binaries of what is reachable are read.
#pragma once

#include <set>
#include <vector>

#include "base/result.hpp"
#include "resolve/component_needs.hpp"
#include "resolve/universe.hpp"

namespace winnow {

struct EncodedUniverse {
  Universe universe;
  std::vector<ComponentId> components;  // by NodeId
};

struct UniverseRoots {
  std::set<ComponentId> followed;  // with all that they need
  std::set<ComponentId> named;     // in the universe, but their needs are not read: what a request leaves out by force
};

// Sizes: `logical` is the sum of file lengths. `allocated` counts each file in whole clusters of 4,096 bytes; left out,
// because they cannot be told from one component: files small enough to lie in their MFT record (counted as a cluster),
// records and folder indexes, the component's share of the registry hives. `stored_alone` is read, and files
// compressed one by one, only when `measure` asks for it; it is 0 otherwise.
//
// A file of the same path and digest in several components counts once; of the same path with different bytes is a
// conflict, for a disk holds one file of a name.
[[nodiscard]] Result<EncodedUniverse> encode_universe(const Catalog& catalog, const NeedReader& reader,
                                                      const UniverseRoots& roots, SizeMeasure measure);

// The ComponentId of every node of a universe that encode_universe() made of this catalog, whichever process did.
[[nodiscard]] Result<std::vector<ComponentId>> components_of(const Universe& universe, const Catalog& catalog);

}  // namespace winnow
