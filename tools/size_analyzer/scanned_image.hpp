// An image as it was read: its files and what was learnt from their contents, before anything is attributed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "image_reader/image_reader.hpp"
#include "size_analyzer/feed_baseline.hpp"
#include "size_analyzer/image_facts.hpp"
#include "size_analyzer/load_facts.hpp"

namespace winnow {

struct ScannedImage {
  std::string format;  // ImageFacts::format
  ImageInfo info;
  std::optional<FeedBaseline> feed;  // MeasureOptions::feed
};

[[nodiscard]] Result<ScannedImage> scan_image(const std::filesystem::path& path, const MeasureOptions& options);
// The facts under this name, checked.
[[nodiscard]] Result<ImageFacts> assemble_facts(const ScannedImage& image, const std::string& name);

}  // namespace winnow
