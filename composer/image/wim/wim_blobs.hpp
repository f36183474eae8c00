// The contents of a tree as blobs: each distinct one once, by its SHA-1.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/digest.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

struct WimBlob {
  Sha1Digest sha1;
  Content content;
  std::uint32_t references = 0;  // names that use it
};

// SHA-1 of what an inode has; all zero = empty.
struct InodeHashes {
  Sha1Digest data;
  Sha1Digest reparse;
  std::vector<Sha1Digest> streams;  // as InodeExtras::streams
};

struct WimBlobs {
  std::vector<WimBlob> blobs;       // in order of the inodes
  std::vector<InodeHashes> inodes;  // as VolumeTree::inodes
};

// Reads every content once, on all cores. Errors: what Content::load() says; a content that is not what was pinned.
[[nodiscard]] Result<WimBlobs> collect_blobs(const VolumeTree& tree, Progress& progress);

}  // namespace winnow
