// An image as it was read: its files, what was learnt from their contents, and what its hives say, before anything is
// attributed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "binary/api_set.hpp"
#include "image_reader/image_reader.hpp"
#include "size_analyzer/content_traits.hpp"
#include "size_analyzer/disk_map.hpp"
#include "size_analyzer/feed_baseline.hpp"
#include "size_analyzer/image_facts.hpp"
#include "size_analyzer/load_facts.hpp"
#include "size_analyzer/registry_facts.hpp"

namespace winnow {

struct ScannedImage {
  std::string format;  // ImageFacts::format
  ImageInfo info;
  std::vector<ContentTraits> traits;  // as info.files
  RegistryFacts registry;
  ApiSetSchema api_sets;                 // of the image's own apisetschema.dll
  std::optional<DiskMap> disk;           // of disks and volumes
  std::vector<OverheadFacts> overheads;  // of WIM files and feeds: stored bytes of no file, beside info.documents
  std::optional<FeedBaseline> feed;      // MeasureOptions::feed, or the feed itself
  std::vector<std::string> warnings;
};

[[nodiscard]] Result<ScannedImage> scan_image(const std::filesystem::path& path, const MeasureOptions& options);
// The facts under this name, checked.
[[nodiscard]] Result<ImageFacts> assemble_facts(const ScannedImage& image, const std::string& name);

}  // namespace winnow
