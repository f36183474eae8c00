// Master boot records: offsets and constants; every number is little-endian. Source: windows-formats.md 3.6; for the
// protective record of a GPT disk 3.5 and UEFI 2.10, 5.2.3.
//
//   boot code (up to 440) | disk signature | 4 partition entries | 55 AA
#pragma once

#include <cstddef>
#include <cstdint>

namespace winnow::mbr {

inline constexpr std::size_t kSectorSize = 512;
inline constexpr std::size_t kMaxCode = 440;
inline constexpr std::size_t kDiskSignature = 0x1B8;  // u32, never 0: boot stores name the disk by it; then u16 0
inline constexpr std::size_t kEntries = 0x1BE;
inline constexpr std::size_t kEntryCount = 4;
inline constexpr std::size_t kBootSignature = 0x1FE;  // 55 AA
inline constexpr std::uint64_t kMaxSectors = 0xFFFFFFFF;

// Partition entry.
namespace entry {
inline constexpr std::size_t kSize = 16;
inline constexpr std::size_t kStatus = 0;        // u8
inline constexpr std::size_t kFirstAddress = 1;  // head, sector | cylinder bits 8-9, cylinder
inline constexpr std::size_t kType = 4;          // u8
inline constexpr std::size_t kLastAddress = 5;
inline constexpr std::size_t kFirstLba = 8;  // u32
inline constexpr std::size_t kSectors = 12;  // u32
inline constexpr std::uint8_t kActive = 0x80;
inline constexpr std::uint8_t kTypeNtfs = 0x07;
inline constexpr std::uint8_t kTypeFat32 = 0x0C;  // by LBA
inline constexpr std::uint8_t kTypeProtective = 0xEE;
}  // namespace entry

// The geometry that addresses by cylinder, head and sector (CHS) are given in; beyond it stands 1023/254/63.
inline constexpr std::uint32_t kHeads = 255;
inline constexpr std::uint32_t kSectorsPerTrack = 63;
inline constexpr std::uint32_t kMaxCylinders = 1024;

}  // namespace winnow::mbr
