// What open_media() is made of: takes files and trees of files, and finds the package sets in them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "servicing/media_source.hpp"

namespace winnow {

class MediaOpener {
 public:
  explicit MediaOpener(const MediaOptions& options) : options_(options) {}

  [[nodiscard]] Result<void> add_path(const std::filesystem::path& path);
  [[nodiscard]] Result<Media> finish(const std::string& name) &&;

 private:
  // A tree of files, '/' between components. Folders of a disc are sets where they hold a .mum file; any other tree is
  // one set when a manifest lies anywhere in it. Of an image with a component store that is the set, and all: cabinets
  // and manifests elsewhere in it are not packages.
  enum class TreeKind { folder, disc };

  [[nodiscard]] Result<void> add_folder(const std::filesystem::path& folder);
  [[nodiscard]] Result<void> add_tree(std::vector<PayloadEntry> files, const std::string& name, TreeKind kind,
                                      int depth);
  [[nodiscard]] Result<void> add_inner_media(const std::vector<PayloadEntry>& files, const std::string& name,
                                             int depth);
  [[nodiscard]] Result<void> add_store(std::vector<PayloadEntry> files, const std::string& name);
  [[nodiscard]] Result<void> add_manifest_folders(std::vector<PayloadEntry> files, const std::string& name,
                                                  TreeKind kind);
  [[nodiscard]] Result<void> add_cabinet(const Content& content, const std::string& name);
  [[nodiscard]] Result<void> add_set(MediaSet set);

  const MediaOptions& options_;
  std::vector<MediaSet> sets_;
  std::vector<MediaImage> images_;
};

}  // namespace winnow
