// The bytes of one inode: its MFT records, and what left them without being a stream.
#pragma once

#include <span>

#include "base/result.hpp"
#include "image/disk/ntfs/file_name.hpp"
#include "image/disk/ntfs/volume_plan.hpp"

namespace winnow::ntfs {

// The name as its file and its directory's index have it.
[[nodiscard]] FileName file_name_of(const VolumePlan& plan, ChildName child);

// All records of the inode, its extension records included, one after the other; reads what is resident.
[[nodiscard]] Result<void> write_inode_records(const VolumePlan& plan, std::uint32_t inode,
                                               std::span<std::uint8_t> out);
// Index blocks, and an attribute list, index bitmap, reparse point or EAs that are not resident; whole clusters.
void write_inode_metadata(const VolumePlan& plan, std::uint32_t inode, std::span<std::uint8_t> out);

// Part of a stream (0 = the unnamed one), as read_pinned() reads it.
[[nodiscard]] Result<void> read_stream(const VolumePlan& plan, std::uint32_t inode, std::uint32_t stream,
                                       ByteCount offset, std::span<std::uint8_t> out);

}  // namespace winnow::ntfs
