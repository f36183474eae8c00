// Universes kept on disk, so that a second resolve of the same request reads no manifest and no binary.
//
// A file holds the universe of one request's roots, not of a whole feed. Of the open feed either would do: the first
// resolve of all of it reads 694 binaries instead of some dozens. Of Microsoft's media the whole feed is gigabytes that
// nobody asked for. What goes into the name is all that encode_universe() depends on, the feeds' digests and folders
// first. A cache that cannot be read or written costs time and nothing else.
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
