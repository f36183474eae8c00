// The system files of a volume: their records, as mkntfs leaves them, and the contents that are not of the tree.
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "image/disk/ntfs/volume_plan.hpp"

namespace winnow::ntfs {

// $AttrDef: the attribute types NTFS 3.1 knows, 2560 bytes.
[[nodiscard]] Bytes attribute_definitions();
// $LogFile: one size for every volume, the smallest that mkntfs makes for a volume of tens of MiB. All bytes 0xFF: a
// log that was never written, as mkntfs leaves it; ntfs.sys makes its restart pages at the first mount.
inline constexpr std::uint64_t kLogSize = 2u << 20;

// Names and sizes of records 0 to 11. Precondition: everything has its place.
void describe_system_files(VolumePlan& plan);
// Before that: their names only (the root's index needs them).
void name_system_files(VolumePlan& plan);

// Record `number` (0 to 26, not the root).
void write_system_record(const VolumePlan& plan, std::uint32_t number, std::span<std::uint8_t> out);
// A view index's blocks.
void write_view_blocks(const ViewIndex& index, std::span<std::uint8_t> out);
// Bytes of it that still lie in the record.
inline constexpr std::size_t kMaxResidentViewBitmap = 24;

// The boot sector with its 15 followers, 8192 bytes.
[[nodiscard]] Bytes boot_record(const VolumePlan& plan, std::uint64_t total_sectors);

}  // namespace winnow::ntfs
