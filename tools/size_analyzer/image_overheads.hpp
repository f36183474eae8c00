// The bytes of an image that belong to no file.
#pragma once

#include <vector>

#include "size_analyzer/content_groups.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

// Sorted as ImageFacts::overheads. Of a disk those of its map, and files that no folder leads to; of all else the
// stored bytes of headers, documents and tables, and the records and indexes a volume would have.
[[nodiscard]] std::vector<OverheadFacts> measure_overheads(const ScannedImage& image,
                                                           const std::vector<ContentGroup>& groups);

}  // namespace winnow
