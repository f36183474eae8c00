// ImagePlan -> the file tree that disk and WIM writers take: the plan's files, and its registry as hive files.
#pragma once

#include "base/digest.hpp"
#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

// Contents are shared with the plan; every file is pinned by its digest.
[[nodiscard]] Result<VolumeTree> volume_tree_of(const ImagePlan& plan);

// What names, metadata, sizes and pinned digests of the tree come to. Disks take their ids and serials from it.
[[nodiscard]] Digest tree_digest(const VolumeTree& tree);

}  // namespace winnow
