// The numbers of an image beside those of a baseline: a feed, or another image.
#pragma once

#include "image_reader/image_reader.hpp"
#include "size_analyzer/feed_baseline.hpp"
#include "size_analyzer/ownership.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

// Only files the feed itself has (same path, same content) count on the image's side.
[[nodiscard]] SizeComparison compare_with_feed(const ImageInfo& image, const FeedBaseline& baseline);

// All files but the apps' own, where an image says which those are.
[[nodiscard]] SizeComparison compare_with_image(const ImageInfo& image, const Ownership& owners, const ImageInfo& other,
                                                const Ownership& other_owners, const std::string& other_name);

}  // namespace winnow
