// The metadata resource of a WIM image: security data, then the tree of directory entries.
//
//   u32 length, u32 count, u64 sizes[count], descriptors, to 8 | root entry | 8 zeros | the children of each folder,
//   folders in preorder, each list ended by 8 zeros
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"
#include "image/wim/wim_blobs.hpp"

namespace winnow {

// Children in order of their upper-cased names. Errors: "cannot write WIM: <path> …" for what it cannot hold.
[[nodiscard]] Result<Bytes> make_wim_metadata(const VolumeTree& tree, const WimBlobs& blobs);

}  // namespace winnow
