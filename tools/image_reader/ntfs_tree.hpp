// An NTFS volume as a file tree, through libfsntfs. What it cannot tell (20200921): extended attributes; the data of
// reparse points other than symbolic links and junctions, which are an error here.
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"
#include "image_reader/virtual_disk.hpp"

namespace winnow {

struct NtfsTree {
  VolumeTree tree;
  std::vector<ByteCount> stored;       // clusters of each inode's own content, as VolumeTree::inodes
  std::vector<std::uint64_t> records;  // MFT record of each inode
  ByteCount free = 0;                  // bytes of the clusters that $Bitmap calls free
};

// Names as the folders' indexes have them, in that order; the system files and what lies in $Extend are left out.
// Contents are read when they are loaded, from `disk`, which they keep alive. Errors are bare reasons.
[[nodiscard]] Result<NtfsTree> read_ntfs_tree(std::shared_ptr<const VirtualDisk> disk, ByteCount offset,
                                              ByteCount size);

}  // namespace winnow
