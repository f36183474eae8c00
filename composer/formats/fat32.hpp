// FAT32 volumes: offsets, constants and limits; every number is little-endian. Source: "Microsoft Extensible Firmware
// Initiative FAT32 File System Specification" 1.03 (2000); windows-formats.md 3.7.
//
//   boot sector | FSInfo | … | 6: boot sector and FSInfo again | … | FAT | FAT | clusters from number 2 on
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::fat32 {

inline constexpr std::size_t kSectorSize = 512;
inline constexpr std::uint16_t kReservedSectors = 32;
inline constexpr std::uint8_t kFatCount = 2;
inline constexpr std::uint16_t kFsInfoSector = 1;
inline constexpr std::uint16_t kBackupBootSector = 6;  // and FSInfo's copy in the one after
inline constexpr std::uint32_t kMinClusters = 65'525;  // with fewer a volume is FAT16, whatever else it says
inline constexpr std::uint32_t kMaxClusters = 0x0FFFFFF5;
inline constexpr std::size_t kMaxClusterSize = 32u << 10;
inline constexpr std::uint64_t kMaxFileSize = 0xFFFFFFFF;
inline constexpr std::uint64_t kMaxSectors = 0xFFFFFFFF;

// Boot sector.
namespace boot {
inline constexpr std::size_t kJump = 0;                            // EB xx 90
inline constexpr std::size_t kOemName = 3;                         // 8 characters
inline constexpr std::string_view kOemNameMicrosoft = "MSWIN4.1";  // what every reader knows
inline constexpr std::size_t kBytesPerSector = 0x0B;               // u16
inline constexpr std::size_t kSectorsPerCluster = 0x0D;            // u8, a power of two
inline constexpr std::size_t kReserved = 0x0E;                     // u16
inline constexpr std::size_t kFats = 0x10;                         // u8
inline constexpr std::size_t kMedia = 0x15;                        // u8
inline constexpr std::uint8_t kMediaFixed = 0xF8;
inline constexpr std::size_t kSectorsPerTrack = 0x18;    // u16, 63
inline constexpr std::size_t kHeads = 0x1A;              // u16, 255
inline constexpr std::size_t kHiddenSectors = 0x1C;      // u32, the partition's first LBA
inline constexpr std::size_t kTotalSectors = 0x20;       // u32
inline constexpr std::size_t kFatSectors = 0x24;         // u32
inline constexpr std::size_t kRootCluster = 0x2C;        // u32
inline constexpr std::size_t kFsInfo = 0x30;             // u16, sector
inline constexpr std::size_t kBackupBoot = 0x32;         // u16, sector
inline constexpr std::size_t kDrive = 0x40;              // u8, 0x80
inline constexpr std::size_t kExtendedSignature = 0x42;  // u8, 0x29: the next three are there
inline constexpr std::size_t kSerial = 0x43;             // u32
inline constexpr std::size_t kLabel = 0x47;              // 11 characters
inline constexpr std::size_t kTypeName = 0x52;           // "FAT32   "
inline constexpr std::string_view kTypeNameFat32 = "FAT32   ";
inline constexpr std::size_t kCode = 0x5A;
inline constexpr std::size_t kSignature = 0x1FE;  // 55 AA
inline constexpr std::string_view kNoLabel = "NO NAME    ";
}  // namespace boot

// FSInfo sector.
namespace info {
inline constexpr std::uint32_t kLeadSignature = 0x41615252;  // at 0
inline constexpr std::size_t kStructSignatureOffset = 484;
inline constexpr std::uint32_t kStructSignature = 0x61417272;
inline constexpr std::size_t kFreeClusters = 488;  // u32
inline constexpr std::size_t kNextFree = 492;      // u32, where to begin looking
inline constexpr std::size_t kTrailSignatureOffset = 508;
inline constexpr std::uint32_t kTrailSignature = 0xAA550000;
}  // namespace info

// FAT entries: 28 bits; the upper four are reserved.
inline constexpr std::size_t kEntrySize = 4;
inline constexpr std::uint32_t kFirstCluster = 2;
inline constexpr std::uint32_t kEntryMask = 0x0FFFFFFF;
inline constexpr std::uint32_t kMediaEntry = 0x0FFFFFF8;  // entry 0: the media byte
inline constexpr std::uint32_t kEndOfChain = 0x0FFFFFFF;  // entry 1 too: clean, no errors
inline constexpr std::uint32_t kBadCluster = 0x0FFFFFF7;

// Directory entry.
namespace directory {
inline constexpr std::size_t kEntrySize = 32;
inline constexpr std::size_t kMaxEntries = 65'536;  // 2 MiB a directory
inline constexpr std::size_t kName = 0;             // 8 + 3 characters, padded with spaces
inline constexpr std::size_t kAttributes = 11;      // u8
inline constexpr std::size_t kCase = 12;            // u8
inline constexpr std::uint8_t kLowerBase = 0x08;    // the 8 characters are lower case (NT)
inline constexpr std::uint8_t kLowerExtension = 0x10;
inline constexpr std::size_t kCreatedTenths = 13;  // u8, 10 ms of the two seconds
inline constexpr std::size_t kCreatedTime = 14;    // u16
inline constexpr std::size_t kCreatedDate = 16;    // u16
inline constexpr std::size_t kAccessedDate = 18;   // u16
inline constexpr std::size_t kClusterHigh = 20;    // u16
inline constexpr std::size_t kWrittenTime = 22;    // u16
inline constexpr std::size_t kWrittenDate = 24;    // u16
inline constexpr std::size_t kClusterLow = 26;     // u16
inline constexpr std::size_t kFileSize = 28;       // u32, 0 for a directory
inline constexpr std::uint8_t kReadOnly = 0x01;
inline constexpr std::uint8_t kHidden = 0x02;
inline constexpr std::uint8_t kSystem = 0x04;
inline constexpr std::uint8_t kVolumeLabel = 0x08;
inline constexpr std::uint8_t kDirectory = 0x10;
inline constexpr std::uint8_t kArchive = 0x20;
inline constexpr std::uint8_t kLongName = 0x0F;
inline constexpr std::uint8_t kDeleted = 0xE5;  // first byte of the name; a real E5 is stored as 05
inline constexpr std::uint8_t kKanjiE5 = 0x05;
}  // namespace directory

// Long name entry: stands before the short one, the last piece first.
namespace long_name {
inline constexpr std::size_t kOrder = 0;  // u8, from 1; the last piece has kLast set
inline constexpr std::uint8_t kLast = 0x40;
inline constexpr std::size_t kAttributes = 11;     // directory::kLongName
inline constexpr std::size_t kChecksum = 13;       // u8, of the short name
inline constexpr std::size_t kUnitsPerEntry = 13;  // UTF-16, then 0000, then FFFF
inline constexpr std::size_t kPart1 = 1;           // 5 units
inline constexpr std::size_t kPart2 = 14;          // 6 units
inline constexpr std::size_t kPart3 = 28;          // 2 units
inline constexpr std::size_t kMaxUnits = 255;
}  // namespace long_name

// Dates: years from 1980, 7 bits | month | day; times: hours | minutes | two seconds.
inline constexpr unsigned kFirstYear = 1980;
inline constexpr unsigned kLastYear = 2107;

}  // namespace winnow::fat32
