// The counts beside the bytes.
#pragma once

#include <vector>

#include "size_analyzer/content_groups.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

// `kinds` of the groups, in their order. What has several names counts once.
[[nodiscard]] std::vector<CountFacts> count_image(const ScannedImage& image, const std::vector<ContentGroup>& groups,
                                                  const std::vector<ByteKind>& kinds);

// Five rows in bytes of content; empty without a WinSxS. "Explorer size" counts every name, "actual size" every content
// once and is the sum of the other three.
[[nodiscard]] std::vector<CountFacts> measure_component_store(const ScannedImage& image,
                                                              const std::vector<ContentGroup>& groups);

}  // namespace winnow
