// Who needs whom in an image that does not say so itself: by the import tables of its PE files.
#pragma once

#include <vector>

#include "size_analyzer/scanned_image.hpp"

namespace winnow {

// Adds needs to `owners`: an edge where a file of one owner imports a module of another. Modules are looked for beside
// the file, then in System32, in SysWOW64 for x86, then by name alone where it is unique; contract names through the
// image's own API-set schema. `owner_of` is as ImageInfo::files.
void add_import_needs(const ScannedImage& image, const std::vector<OwnerIndex>& owner_of,
                      std::vector<OwnerFacts>& owners);

}  // namespace winnow
