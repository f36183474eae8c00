// What a tree must be for a FAT32 volume to hold it.
#pragma once

#include "base/result.hpp"
#include "image/disk/fat32/fat32_volume.hpp"

namespace winnow::fat32 {

// Every fault of the tree and the options, each with the path it is at.
[[nodiscard]] Result<void> check_tree(const VolumeTree& tree, const Fat32Options& options);

}  // namespace winnow::fat32
