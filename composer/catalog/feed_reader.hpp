// A feed on disk (layout: manifest/feed_index.hpp): its index, and the manifests below it, each checked against its
// digest.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/feed_index.hpp"
#include "manifest/package_manifest.hpp"

namespace winnow {

struct LoadedFeed {
  Feed feed;
  FeedIndex index;
};

[[nodiscard]] Result<LoadedFeed> load_feed(const std::filesystem::path& root);

[[nodiscard]] std::filesystem::path component_manifest_file(const Feed& feed, const AssemblyIdentity& identity);
[[nodiscard]] std::filesystem::path package_manifest_file(const Feed& feed, const AssemblyIdentity& identity);

// The manifest says what the index says: same identity, same projected files in the same order. Otherwise an error.
[[nodiscard]] Result<ComponentManifest> load_component_manifest(const Feed& feed, const CatalogComponent& component);
[[nodiscard]] Result<PackageManifest> load_package_manifest(const Feed& feed, const CatalogPackage& package);

// The file of `source_name` in the component's payload folder.
[[nodiscard]] std::filesystem::path payload_file(const Feed& feed, const AssemblyIdentity& identity,
                                                 const ComponentFile& file);

}  // namespace winnow
