// VHDX files: offsets, constants, GUIDs and limits; every number is little-endian. Source: [MS-VHDX] 2.1 to 2.6;
// windows-formats.md 3.4. Checksums are CRC-32C over the whole structure with the checksum field zero.
//
//   0          file type identifier              1 MiB …   log | metadata region | BAT | payload blocks, each at whole
//   MiB 64, 128 K  header 1, header 2 (the one with the higher sequence number counts) 192, 256 K region table and its
//   copy
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::vhdx {

inline constexpr std::uint64_t kMebibyte = 1u << 20;  // what every region and block is aligned to
inline constexpr std::uint64_t kMaxDiskSize = 64ull << 40;

inline constexpr std::string_view kFileIdentifier = "vhdxfile";  // at 0, then the creator in UTF-16, 512 bytes
inline constexpr std::size_t kCreatorOffset = 8;
inline constexpr std::size_t kCreatorUnits = 256;

// Header.
namespace header {
inline constexpr std::uint64_t kOffset1 = 64u << 10;
inline constexpr std::uint64_t kOffset2 = 128u << 10;
inline constexpr std::size_t kSize = 4096;
inline constexpr std::string_view kSignature = "head";  // at 0
inline constexpr std::size_t kChecksum = 4;             // u32
inline constexpr std::size_t kSequence = 8;             // u64
inline constexpr std::size_t kFileWriteGuid = 16;       // GUID
inline constexpr std::size_t kDataWriteGuid = 32;       // GUID
inline constexpr std::size_t kLogGuid = 48;             // GUID; zero = the log is empty
inline constexpr std::size_t kLogVersion = 64;          // u16, 0
inline constexpr std::size_t kVersion = 66;             // u16
inline constexpr std::uint16_t kVersion1 = 1;
inline constexpr std::size_t kLogLength = 68;  // u32, whole MiB
inline constexpr std::size_t kLogOffset = 72;  // u64, whole MiB
}  // namespace header

// Region table.
namespace region {
inline constexpr std::uint64_t kOffset1 = 192u << 10;
inline constexpr std::uint64_t kOffset2 = 256u << 10;
inline constexpr std::size_t kSize = 65536;
inline constexpr std::string_view kSignature = "regi";  // at 0
inline constexpr std::size_t kChecksum = 4;             // u32
inline constexpr std::size_t kCount = 8;                // u32, then u32 0
inline constexpr std::size_t kEntries = 16;
inline constexpr std::size_t kMaxEntries = 2047;
// Entry.
inline constexpr std::size_t kEntrySize = 32;
inline constexpr std::size_t kEntryGuid = 0;       // GUID
inline constexpr std::size_t kEntryOffset = 16;    // u64
inline constexpr std::size_t kEntryLength = 24;    // u32
inline constexpr std::size_t kEntryRequired = 28;  // u32, 1
inline constexpr std::string_view kBatGuid = "2dc27766-f623-4200-9d64-115e9bfd4a08";
inline constexpr std::string_view kMetadataGuid = "8b7ca206-4790-4b9a-b8fe-575f050f886e";
}  // namespace region

// Metadata table, at the start of the metadata region; the items follow from kFirstItem on.
namespace metadata {
inline constexpr std::size_t kTableSize = 65536;
inline constexpr std::string_view kSignature = "metadata";  // at 0, then u16 0
inline constexpr std::size_t kCount = 10;                   // u16, then 20 bytes 0
inline constexpr std::size_t kEntries = 32;
inline constexpr std::size_t kMaxEntries = 2047;
inline constexpr std::size_t kFirstItem = 65536;  // lowest offset of an item in the region
// Entry.
inline constexpr std::size_t kEntrySize = 32;
inline constexpr std::size_t kEntryGuid = 0;     // GUID
inline constexpr std::size_t kEntryOffset = 16;  // u32, in the region
inline constexpr std::size_t kEntryLength = 20;  // u32
inline constexpr std::size_t kEntryFlags = 24;   // u32
inline constexpr std::uint32_t kIsUser = 1;
inline constexpr std::uint32_t kIsVirtualDisk = 2;
inline constexpr std::uint32_t kIsRequired = 4;
// Items.
inline constexpr std::string_view kFileParameters = "caa16737-fa36-4d43-b3b6-33f0aa44e76b";  // u32 block size, u32 bits
inline constexpr std::string_view kVirtualDiskSize = "2fa54224-cd1b-4876-b211-5dbed83bf4b8";     // u64
inline constexpr std::string_view kVirtualDiskId = "beca12ab-b2e6-4523-93ef-c309e000c746";       // GUID (SCSI page 83)
inline constexpr std::string_view kLogicalSectorSize = "8141bf1d-a96f-4709-ba47-f233a8faab5f";   // u32, 512 or 4096
inline constexpr std::string_view kPhysicalSectorSize = "cda348c7-445d-4471-9cc9-e9885251c556";  // u32, 512 or 4096
inline constexpr std::string_view kParentLocator = "a8d35f2d-b30b-454d-abf7-d3d84834ab0c";
inline constexpr std::uint32_t kLeaveBlocksAllocated = 1;  // bits of kFileParameters
inline constexpr std::uint32_t kHasParent = 2;
}  // namespace metadata

// Block allocation table: u64 entries. After every chunk of payload entries comes one for a sector bitmap (0 without a
// parent); a chunk is 2^23 logical sectors.
namespace bat {
inline constexpr std::size_t kEntrySize = 8;
inline constexpr std::uint64_t kChunkSectors = 1u << 23;
inline constexpr std::uint64_t kStateMask = 7;
inline constexpr std::uint64_t kNotPresent = 0;
inline constexpr std::uint64_t kUndefined = 1;
inline constexpr std::uint64_t kZero = 2;
inline constexpr std::uint64_t kUnmapped = 3;
inline constexpr std::uint64_t kFullyPresent = 6;
inline constexpr std::uint64_t kPartiallyPresent = 7;
inline constexpr unsigned kOffsetShift = 20;  // the upper 44 bits: file offset in MiB
}  // namespace bat

inline constexpr std::uint32_t kMinBlockSize = 1u << 20;
inline constexpr std::uint32_t kMaxBlockSize = 256u << 20;

}  // namespace winnow::vhdx
