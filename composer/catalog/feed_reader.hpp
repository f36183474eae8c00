// A feed of either kind: its index now, its manifests and payload when somebody asks for them.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "manifest/feed_index.hpp"

namespace winnow {

struct LoadedFeed {
  Feed feed;
  FeedIndex index;
};

// `root` with an index.xml is a folder feed (layout: manifest/feed_index.hpp); anything else is media.
[[nodiscard]] Result<LoadedFeed> load_feed(const std::filesystem::path& root, const FeedOptions& options);

// Where `file` of a manifest lands: "cannot expand destination …".
[[nodiscard]] Result<WindowsPath> landing_path(const ComponentFile& file, const std::string& architecture);

}  // namespace winnow
