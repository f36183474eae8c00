// What open_media() is made of: takes files and trees of files, and finds the package sets in them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "payload/wim_file.hpp"
#include "servicing/media_source.hpp"

namespace winnow {

class MediaOpener {
 public:
  explicit MediaOpener(const MediaOptions& options) : options_(options) {}

  // What the user named.
  [[nodiscard]] Result<void> add_path(const std::filesystem::path& path);
  // Opens the images of WIM files that are wanted, once all are known.
  [[nodiscard]] Result<Media> finish(const std::string& name) &&;

 private:
  // Folders of a disc are sets where they hold a .mum file; any other tree is one set when a manifest lies anywhere in
  // it. Of an image with a component store that is the set, and all: cabinets and manifests elsewhere in it are not
  // packages.
  enum class TreeKind { folder, disc };
  struct OpenWim {
    WimReader file;
    std::size_t first_image = 0;  // into images_
    int depth = 0;
  };

  [[nodiscard]] Result<void> add_folder(const std::filesystem::path& folder);
  // A file of the host; false when it is no media but a cabinet, WIM, disc, disk or container image.
  [[nodiscard]] Result<bool> add_host_file(const std::filesystem::path& file, int depth);
  [[nodiscard]] Result<bool> add_image(const std::filesystem::path& image);
  [[nodiscard]] Result<void> add_tree(std::vector<PayloadEntry> files, const std::string& name, TreeKind kind,
                                      int depth);
  // A file inside a tree, by its name's end; false when it is no media.
  [[nodiscard]] Result<bool> add_inner_file(const PayloadEntry& file, const std::string& name, int depth);
  [[nodiscard]] Result<void> add_update(const Content& content, const std::string& name, int depth);
  [[nodiscard]] Result<void> add_wim(const Content& content, const std::string& name, int depth);
  [[nodiscard]] Result<void> add_wim_image(const OpenWim& wim, std::size_t image);
  [[nodiscard]] Result<void> add_store(std::vector<PayloadEntry> files, const std::string& name);
  [[nodiscard]] Result<void> add_manifest_folders(std::vector<PayloadEntry> files, const std::string& name,
                                                  TreeKind kind);
  [[nodiscard]] Result<void> add_cabinet(const Content& content, const std::string& name);
  [[nodiscard]] Result<void> add_set(MediaSet set);

  const MediaOptions& options_;
  std::filesystem::path named_;  // by the user
  std::vector<MediaSet> sets_;
  std::vector<MediaImage> images_;
  std::vector<OpenWim> wims_;
};

}  // namespace winnow
