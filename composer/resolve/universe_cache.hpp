// Universes kept on disk, so that a second resolve of the same request reads no manifest and no binary.
//
// A file holds the universe of one request's roots, not of a whole feed. Measured on the open feed (794 components, a
// busy machine): a first resolve reads all of it in 0.5 to 0.65 s, what node needs in 0.1 s; a second one takes 10 ms
// from the universe of all, 2 ms from node's. Of Microsoft's media the whole feed is gigabytes that nobody asked for.
// What goes into the name is all that encode_universe() depends on, the feeds' digests and folders first. A cache that
// cannot be read or written costs time and nothing else.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "resolve/universe_encoder.hpp"

namespace winnow {

// encode_universe(), from `folder` where it has been kept there; an empty `folder` keeps nothing.
[[nodiscard]] Result<EncodedUniverse> cached_universe(const std::filesystem::path& folder, const Request& request,
                                                      const Catalog& catalog, const NeedReader& reader,
                                                      const UniverseRoots& roots);

}  // namespace winnow
