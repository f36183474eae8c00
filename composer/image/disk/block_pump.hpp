// Brings the bytes of a layout to their places in a disk file, block by block, on several threads. Blocks are filled
// and written in any order, but places are given out in the order of the disk, so that the file does not depend on it.
#pragma once

#include "base/file_system.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "image/disk/disk_container.hpp"
#include "image/disk/disk_layout.hpp"

namespace winnow {

// Returns how many bytes of the disk went into the file. The error is that of the first block, by its place on the
// disk, that could not be made.
[[nodiscard]] Result<ByteCount> pump_blocks(const DiskLayout& layout, DiskContainer& container, OutputFile& file,
                                            unsigned threads, Progress& progress);

}  // namespace winnow
