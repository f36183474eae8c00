// One image of a WIM file as a file tree, through libwim. A WIM has no time of the metadata's last change: it comes
// back as the last write.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

struct WimTree {
  VolumeTree tree;
  std::vector<ByteCount>
      stored;        // of each inode's contents in the file, as VolumeTree::inodes; shared blobs count once
  std::string name;  // of the image
};

// The first image. Contents are read when they are loaded; each is compared with its SHA-1 when read as a whole. Errors
// are bare reasons.
[[nodiscard]] Result<WimTree> read_wim_tree(const std::filesystem::path& file);

}  // namespace winnow
