// The names of every directory in the order of its index: by upper-cased units, then by the units themselves.
#pragma once

#include "base/result.hpp"
#include "image/disk/ntfs/volume_plan.hpp"

namespace winnow::ntfs {

// Fills in plan.names and plan.children; the root lists the system files, too. Precondition: name_system_files() and
// check_tree(). Error: two names of a directory that differ at most in case.
[[nodiscard]] Result<void> order_names(VolumePlan& plan);

}  // namespace winnow::ntfs
