// The counts beside the bytes.
#pragma once

#include <vector>

#include "size_analyzer/content_groups.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

// `kinds` of the groups, in their order. What has several names counts once.
[[nodiscard]] std::vector<CountFacts> count_image(const ScannedImage& image, const std::vector<ContentGroup>& groups,
                                                  const std::vector<ByteKind>& kinds);

}  // namespace winnow
