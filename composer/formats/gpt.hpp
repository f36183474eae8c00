// GUID partition tables: offsets, type GUIDs and limits; every number is little-endian. Source: UEFI 2.10, 5.3;
// windows-formats.md 3.5. Checksums are CRC-32 (zlib's).
//
//   LBA 0 protective MBR | 1 header | 2-33 entries | partitions … | entries again | header again (the last LBA)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::gpt {

inline constexpr std::size_t kSectorSize = 512;
inline constexpr std::uint64_t kFirstUsableLba = 34;
inline constexpr std::uint64_t kBackupSectors = 33;  // entries and header behind the last usable LBA
inline constexpr std::uint64_t kAlignment = 1u << 20;

// Header, in one sector.
namespace header {
inline constexpr std::string_view kSignature = "EFI PART";  // at 0
inline constexpr std::size_t kRevision = 8;                 // u32
inline constexpr std::uint32_t kRevision1 = 0x00010000;
inline constexpr std::size_t kHeaderSize = 12;  // u32, what the checksum covers
inline constexpr std::uint32_t kSize = 92;
inline constexpr std::size_t kChecksum = 16;         // u32, of the header with this field 0; then u32 0
inline constexpr std::size_t kMyLba = 24;            // u64
inline constexpr std::size_t kAlternateLba = 32;     // u64
inline constexpr std::size_t kFirstUsable = 40;      // u64
inline constexpr std::size_t kLastUsable = 48;       // u64
inline constexpr std::size_t kDiskGuid = 56;         // GUID
inline constexpr std::size_t kEntriesLba = 72;       // u64
inline constexpr std::size_t kEntryCount = 80;       // u32
inline constexpr std::size_t kEntrySize = 84;        // u32
inline constexpr std::size_t kEntriesChecksum = 88;  // u32, of all entries
}  // namespace header

// Partition entry.
namespace entry {
inline constexpr std::size_t kCount = 128;
inline constexpr std::size_t kSize = 128;
inline constexpr std::size_t kTypeGuid = 0;     // GUID; zero = the entry is unused
inline constexpr std::size_t kUniqueGuid = 16;  // GUID
inline constexpr std::size_t kFirstLba = 32;    // u64
inline constexpr std::size_t kLastLba = 40;     // u64, inclusive
inline constexpr std::size_t kAttributes = 48;  // u64
inline constexpr std::size_t kName = 56;        // UTF-16, padded with NULs
inline constexpr std::size_t kNameUnits = 36;
}  // namespace entry

// Partition types.
inline constexpr std::string_view kEfiSystem = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
inline constexpr std::string_view kMicrosoftReserved = "e3c9e316-0b5c-4db8-817d-f92df00215ae";
inline constexpr std::string_view kBasicData = "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7";
inline constexpr std::string_view kRecovery = "de94bba4-06d1-4d40-a16a-bfd50179d6ac";
// Their names as Microsoft's tools write them.
inline constexpr std::u16string_view kEfiSystemName = u"EFI system partition";
inline constexpr std::u16string_view kMicrosoftReservedName = u"Microsoft reserved partition";
inline constexpr std::u16string_view kBasicDataName = u"Basic data partition";
inline constexpr std::uint64_t kNoDriveLetter = 0x8000000000000000;  // attribute
inline constexpr std::uint64_t kPlatformRequired = 1;

}  // namespace winnow::gpt
