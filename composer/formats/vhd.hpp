// Virtual Hard Disk files (VHD 1.0): offsets, constants and limits; every number is big-endian. Source: "Virtual Hard
// Disk Image Format Specification" 1.0 (Microsoft, 2006); windows-formats.md 3.2, 3.3.
//
//   fixed:    data | footer
//   dynamic:  footer (a copy) | header | BAT, padded to a sector | blocks … | footer
//   block:    sector bitmap (a bit a sector, the highest first, padded to a sector) | data
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::vhd {

inline constexpr std::size_t kSectorSize = 512;
inline constexpr std::uint64_t kMaxDiskSize = 2040ull << 30;  // the largest disk Windows attaches
inline constexpr std::uint64_t kFixedAlignment = 1u << 20;    // whole MiB, as Azure asks for
inline constexpr std::int64_t kEpoch = 946'684'800;           // 2000-01-01T00:00:00Z in seconds since 1970

// Footer.
namespace footer {
inline constexpr std::size_t kSize = 512;
inline constexpr std::string_view kCookie = "conectix";  // at 0
inline constexpr std::size_t kFeatures = 8;              // u32
inline constexpr std::uint32_t kFeaturesReserved = 2;    // always set
inline constexpr std::size_t kVersion = 12;              // u32
inline constexpr std::uint32_t kVersion1 = 0x00010000;
inline constexpr std::size_t kDataOffset = 16;                 // u64, of the dynamic header
inline constexpr std::uint64_t kNoOffset = ~std::uint64_t{0};  // in a fixed disk
inline constexpr std::size_t kTime = 24;                       // u32, seconds since kEpoch
inline constexpr std::size_t kCreator = 28;                    // 4 characters
inline constexpr std::string_view kCreatorWindows = "win ";    // for these qemu trusts the size, not the geometry
inline constexpr std::size_t kCreatorVersion = 32;             // u32
inline constexpr std::uint32_t kCreatorVersion10 = 0x000A0000;
inline constexpr std::size_t kCreatorHost = 36;  // 4 characters
inline constexpr std::string_view kHostWindows = "Wi2k";
inline constexpr std::size_t kOriginalSize = 40;     // u64, without the footer
inline constexpr std::size_t kCurrentSize = 48;      // u64, the same
inline constexpr std::size_t kCylinders = 56;        // u16
inline constexpr std::size_t kHeads = 58;            // u8
inline constexpr std::size_t kSectorsPerTrack = 59;  // u8
inline constexpr std::size_t kType = 60;             // u32
inline constexpr std::uint32_t kTypeFixed = 2;
inline constexpr std::uint32_t kTypeDynamic = 3;
inline constexpr std::uint32_t kTypeDifferencing = 4;
inline constexpr std::size_t kChecksum = 64;    // u32, ones' complement of the sum of the other bytes
inline constexpr std::size_t kUniqueId = 68;    // 16 bytes
inline constexpr std::size_t kSavedState = 84;  // u8, 0
inline constexpr std::size_t kReserved = 85;    // zeros to the end
}  // namespace footer

// Header of a dynamic disk.
namespace dynamic {
inline constexpr std::size_t kSize = 1024;
inline constexpr std::string_view kCookie = "cxsparse";  // at 0
inline constexpr std::size_t kDataOffset = 8;            // u64, all ones
inline constexpr std::size_t kTableOffset = 16;          // u64, of the BAT
inline constexpr std::size_t kVersion = 24;              // u32
inline constexpr std::uint32_t kVersion1 = 0x00010000;
inline constexpr std::size_t kMaxEntries = 28;  // u32, blocks of the disk
inline constexpr std::size_t kBlockSize = 32;   // u32, of the data alone
inline constexpr std::size_t kChecksum = 36;    // u32, as the footer's
inline constexpr std::size_t kParentId = 40;    // 16 bytes; this and the rest only when differencing
inline constexpr std::uint32_t kDefaultBlockSize = 2u << 20;
inline constexpr std::uint32_t kAbsent = 0xFFFFFFFF;  // BAT entry of a block of zeros; else its first sector
}  // namespace dynamic

}  // namespace winnow::vhd
