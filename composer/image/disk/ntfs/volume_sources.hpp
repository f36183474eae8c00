// Where the bytes of a planned volume come from, made when the disk writer asks for them.
#pragma once

#include <memory>

#include "image/disk/disk_layout.hpp"
#include "image/disk/ntfs/volume_plan.hpp"

namespace winnow::ntfs {

// The segments of the volume, by offset. `total_sectors`: of the boot sector.
[[nodiscard]] std::vector<Segment> volume_segments(const std::shared_ptr<const VolumePlan>& plan,
                                                   std::uint64_t total_sectors);

}  // namespace winnow::ntfs
