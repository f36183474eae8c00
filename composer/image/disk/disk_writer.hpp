// Writes a DiskLayout as a disk file in one pass: raw, VHD (fixed, dynamic) or VHDX, on all cores and without any file
// in between. The same layout and options give the same bytes, whatever the number of threads. Blocks of zeros take no
// room: they are absent in a dynamic VHD and a VHDX, holes in the others. What is on the disk is the layout's business.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "image/disk/disk_identity.hpp"
#include "image/disk/disk_layout.hpp"

namespace winnow {

enum class DiskFormat { kRaw, kVhdFixed, kVhdDynamic, kVhdx };

struct DiskWriterOptions {
  Guid disk_id;              // VHD: the footer's unique id; VHDX: the virtual disk's (SCSI page 83)
  Guid file_write_id;        // VHDX only
  Guid data_write_id;        // VHDX only
  std::int64_t created = 0;  // seconds since 1970; VHD only, which knows no time before 2000
  unsigned threads = 0;      // 0 = core_count()
};

struct DiskWriteReport {
  ByteCount disk_size = 0;  // as the machine sees it
  ByteCount file_size = 0;  // of the file, its holes included
  ByteCount data_size = 0;  // of the disk's bytes that are in the file; the others are absent or holes
};

// Errors: "cannot write <target>: <reason>", that the format cannot hold a disk of this size among them; a source's
// own. A block device is written through; nothing is left behind of a file that could not be finished.
[[nodiscard]] Result<DiskWriteReport> write_disk(const DiskLayout& layout, DiskFormat format,
                                                 const DiskWriterOptions& options, const std::filesystem::path& target,
                                                 Progress& progress);

}  // namespace winnow
