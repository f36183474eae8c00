// Writes the manifests and the index of a feed whose payload is there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/feed_index.hpp"
#include "manifest/package_manifest.hpp"

namespace winnow {

class FeedWriter {
 public:
  // `index` has the name, version and description of the feed.
  FeedWriter(std::filesystem::path folder, FeedIndex index) : folder_(std::move(folder)), index_(std::move(index)) {}

  // `role` is the package that the component is counted under.
  [[nodiscard]] Result<void> add(const ComponentManifest& component, const std::string& role);
  [[nodiscard]] Result<void> add(const PackageManifest& package);
  // Sorts the index and writes it, last of all.
  [[nodiscard]] Result<void> finish();

 private:
  Result<Digest> write(const std::string& path, const std::string& text) const;

  std::filesystem::path folder_;
  FeedIndex index_;
};

}  // namespace winnow
