// The 16-bit code that a BIOS runs before Windows' own: winnow's master boot record and NTFS boot record, assembled
// from mbr.S and ntfs_boot.S, and how to find Microsoft's boot record in a user's media.
#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.hpp"

namespace winnow {

inline constexpr std::size_t kMbrCodeSize = 440;          // what the disk signature leaves (formats: +0x1B8)
inline constexpr std::size_t kNtfsBootRecordSize = 8192;  // 16 sectors: $Boot
inline constexpr std::size_t kBpbStart = 0x03;            // of an NTFS boot record: what the volume's writer fills in,
inline constexpr std::size_t kBpbEnd = 0x54;              // OEM name to checksum

// Bytes 0 to 439 of a disk with an MBR: starts the partition whose entry is marked 0x80.
[[nodiscard]] ByteView mbr_boot_code();

// 16 sectors whose bytes [kBpbStart, kBpbEnd) are zero: loads \bootmgr of the volume and enters it
// (windows-formats.md 3.8). Restrictions: 512-byte sectors, clusters up to 64 KiB, bootmgr neither compressed nor
// larger than the memory below 640 KiB leaves at 0x20000 (about 510 KiB).
[[nodiscard]] ByteView ntfs_boot_record();

// Microsoft's NTFS boot record as untfs.dll carries it (what format.com writes): 16 sectors, as they are in the file.
// Nothing when `file` holds none.
[[nodiscard]] std::optional<Bytes> find_ntfs_boot_record(ByteView file);

}  // namespace winnow
