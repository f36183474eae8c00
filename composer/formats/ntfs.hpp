// NTFS 3.1 volumes: offsets, flags and limits of the structures on disk. Sources: windows-formats.md 3.9; the layouts
// that mkntfs (ntfs-3g 2022.10.3) writes and that libfsntfs documents ("New Technologies File System (NTFS)").
//
//   MFT record (1024): header | update sequence array | attributes, each 8-aligned, by type then name | FFFFFFFF
//   index block (4096): header | update sequence array | entries | …
//
// Every multi-sector structure carries an update sequence: the last two bytes of each 512 are replaced by the sequence
// number, their own value waits in the array after the number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::ntfs {

inline constexpr std::size_t kSectorSize = 512;
inline constexpr std::size_t kClusterSize = 4096;
inline constexpr std::size_t kRecordSize = 1024;
inline constexpr std::size_t kIndexBlockSize = 4096;
inline constexpr std::size_t kMaxNameUnits = 255;
inline constexpr std::size_t kBootSize = 8192;  // $Boot: 16 sectors

// MFT record numbers of the system files; user files start at 24 or above.
inline constexpr std::uint32_t kMft = 0;
inline constexpr std::uint32_t kMftMirror = 1;
inline constexpr std::uint32_t kLogFile = 2;
inline constexpr std::uint32_t kVolume = 3;
inline constexpr std::uint32_t kAttrDef = 4;
inline constexpr std::uint32_t kRoot = 5;
inline constexpr std::uint32_t kBitmap = 6;
inline constexpr std::uint32_t kBoot = 7;
inline constexpr std::uint32_t kBadClusters = 8;
inline constexpr std::uint32_t kSecure = 9;
inline constexpr std::uint32_t kUpCase = 10;
inline constexpr std::uint32_t kExtend = 11;
inline constexpr std::uint32_t kFirstReserved = 12;  // 12 to 15 are in use and empty, 16 to 23 are free
inline constexpr std::uint32_t kQuota = 24;          // where mkntfs puts them
inline constexpr std::uint32_t kObjectId = 25;
inline constexpr std::uint32_t kReparse = 26;
inline constexpr std::uint32_t kFirstUser = 27;

// Boot sector.
namespace boot {
inline constexpr std::string_view kOemId = "NTFS    ";
inline constexpr std::size_t kOemIdOffset = 3;
inline constexpr std::size_t kBytesPerSector = 0x0B;         // u16
inline constexpr std::size_t kSectorsPerCluster = 0x0D;      // u8
inline constexpr std::size_t kMediaType = 0x15;              // u8, 0xF8
inline constexpr std::size_t kSectorsPerTrack = 0x18;        // u16
inline constexpr std::size_t kHeads = 0x1A;                  // u16
inline constexpr std::size_t kHiddenSectors = 0x1C;          // u32, the partition's first LBA
inline constexpr std::size_t kPhysicalDrive = 0x24;          // u8 0x80, then 0, 0x80, 0
inline constexpr std::size_t kTotalSectors = 0x28;           // u64, without the backup boot sector
inline constexpr std::size_t kMftCluster = 0x30;             // u64
inline constexpr std::size_t kMftMirrorCluster = 0x38;       // u64
inline constexpr std::size_t kClustersPerRecord = 0x40;      // s8, -10 = 1024 bytes
inline constexpr std::size_t kClustersPerIndexBlock = 0x44;  // s8, 1
inline constexpr std::size_t kSerial = 0x48;                 // u64
inline constexpr std::size_t kCode = 0x54;                   // boot code up to the signature
inline constexpr std::size_t kSignature = 0x1FE;             // 55 AA
}  // namespace boot

// MFT record header.
namespace record {
inline constexpr std::string_view kMagic = "FILE";
inline constexpr std::size_t kUpdateOffset = 0x04;     // u16, 0x30
inline constexpr std::size_t kUpdateCount = 0x06;      // u16, 3: the number and one word a sector
inline constexpr std::size_t kLogSequence = 0x08;      // u64
inline constexpr std::size_t kSequence = 0x10;         // u16
inline constexpr std::size_t kLinkCount = 0x12;        // u16, $FILE_NAME attributes, the DOS ones included
inline constexpr std::size_t kFirstAttribute = 0x14;   // u16
inline constexpr std::size_t kFlags = 0x16;            // u16
inline constexpr std::size_t kBytesInUse = 0x18;       // u32, the end marker's 8 bytes included
inline constexpr std::size_t kBytesAllocated = 0x1C;   // u32
inline constexpr std::size_t kBaseRecord = 0x20;       // u64 reference; 0 in a base record
inline constexpr std::size_t kNextAttributeId = 0x28;  // u16, above every id in use
inline constexpr std::size_t kNumber = 0x2C;           // u32, the record's own
inline constexpr std::size_t kUpdateArray = 0x30;
inline constexpr std::size_t kAttributes = 0x38;
inline constexpr std::uint16_t kInUse = 1;
inline constexpr std::uint16_t kDirectory = 2;
inline constexpr std::uint16_t kIsExtendFile = 4;  // a system file below $Extend
inline constexpr std::uint16_t kIsViewIndex = 8;   // its indexes are not of names
}  // namespace record

// Attribute types.
inline constexpr std::uint32_t kStandardInformation = 0x10;
inline constexpr std::uint32_t kAttributeList = 0x20;
inline constexpr std::uint32_t kFileName = 0x30;
inline constexpr std::uint32_t kObjectIdAttribute = 0x40;
inline constexpr std::uint32_t kSecurityDescriptor = 0x50;
inline constexpr std::uint32_t kVolumeName = 0x60;
inline constexpr std::uint32_t kVolumeInformation = 0x70;
inline constexpr std::uint32_t kData = 0x80;
inline constexpr std::uint32_t kIndexRoot = 0x90;
inline constexpr std::uint32_t kIndexAllocation = 0xA0;
inline constexpr std::uint32_t kBitmapAttribute = 0xB0;
inline constexpr std::uint32_t kReparsePoint = 0xC0;
inline constexpr std::uint32_t kEaInformation = 0xD0;
inline constexpr std::uint32_t kEa = 0xE0;
inline constexpr std::uint32_t kEnd = 0xFFFFFFFF;

// Attribute header, common part, then the resident or the non-resident one.
namespace attribute {
inline constexpr std::size_t kType = 0x00;         // u32
inline constexpr std::size_t kLength = 0x04;       // u32, multiple of 8
inline constexpr std::size_t kNonResident = 0x08;  // u8
inline constexpr std::size_t kNameLength = 0x09;   // u8, units
inline constexpr std::size_t kNameOffset = 0x0A;   // u16
inline constexpr std::size_t kFlags = 0x0C;        // u16
inline constexpr std::size_t kId = 0x0E;           // u16
inline constexpr std::uint16_t kCompressed = 0x0001;
inline constexpr std::uint16_t kEncrypted = 0x4000;
inline constexpr std::uint16_t kSparse = 0x8000;
// Resident.
inline constexpr std::size_t kValueLength = 0x10;   // u32
inline constexpr std::size_t kValueOffset = 0x14;   // u16
inline constexpr std::size_t kIndexedFlag = 0x16;   // u8, 1 for $FILE_NAME
inline constexpr std::size_t kResidentHeader = 24;  // bytes before the name
// Non-resident.
inline constexpr std::size_t kFirstVcn = 0x10;         // u64
inline constexpr std::size_t kLastVcn = 0x18;          // u64
inline constexpr std::size_t kRunsOffset = 0x20;       // u16
inline constexpr std::size_t kCompressionUnit = 0x22;  // u8, log2 of clusters
inline constexpr std::size_t kAllocatedSize = 0x28;    // u64; this and the rest only when kFirstVcn is 0
inline constexpr std::size_t kDataSize = 0x30;         // u64
inline constexpr std::size_t kInitializedSize = 0x38;  // u64
inline constexpr std::size_t kTotalAllocated = 0x40;   // u64, only when compressed or sparse
inline constexpr std::size_t kNonResidentHeader = 64;
inline constexpr std::size_t kSparseHeader = 72;
}  // namespace attribute

// $STANDARD_INFORMATION: 72 bytes (48 before NTFS 3.0, which mkntfs keeps for system files).
namespace standard_information {
inline constexpr std::size_t kCreated = 0;        // u64 FILETIME, then modified, MFT changed, accessed
inline constexpr std::size_t kAttributes = 0x20;  // u32
inline constexpr std::size_t kSecurityId = 0x34;  // u32, key of $Secure:$SII
inline constexpr std::size_t kSize = 72;
inline constexpr std::size_t kOldSize = 48;
}  // namespace standard_information

// $FILE_NAME, also the key of every $I30 entry.
namespace file_name {
inline constexpr std::size_t kParent = 0x00;         // u64 reference
inline constexpr std::size_t kCreated = 0x08;        // u64 FILETIME, then modified, MFT changed, accessed
inline constexpr std::size_t kAllocatedSize = 0x28;  // u64
inline constexpr std::size_t kDataSize = 0x30;       // u64
inline constexpr std::size_t kAttributes = 0x38;     // u32; kDirectoryAttribute for directories
inline constexpr std::size_t kReparseTag = 0x3C;     // u32 tag, or u16 size of the EAs packed
inline constexpr std::size_t kNameLength = 0x40;     // u8, units
inline constexpr std::size_t kNamespace = 0x41;      // u8
inline constexpr std::size_t kName = 0x42;
inline constexpr std::uint32_t kDirectoryAttribute = 0x10000000;
inline constexpr std::uint32_t kViewIndexAttribute = 0x20000000;
inline constexpr std::uint8_t kPosix = 0;
inline constexpr std::uint8_t kWin32 = 1;
inline constexpr std::uint8_t kDos = 2;
inline constexpr std::uint8_t kWin32AndDos = 3;
}  // namespace file_name

// $ATTRIBUTE_LIST entry: 26 bytes and the attribute's name, 8-aligned.
namespace list_entry {
inline constexpr std::size_t kType = 0x00;        // u32
inline constexpr std::size_t kLength = 0x04;      // u16
inline constexpr std::size_t kNameLength = 0x06;  // u8
inline constexpr std::size_t kNameOffset = 0x07;  // u8, 0x1A
inline constexpr std::size_t kFirstVcn = 0x08;    // u64
inline constexpr std::size_t kRecord = 0x10;      // u64 reference
inline constexpr std::size_t kId = 0x18;          // u16
inline constexpr std::size_t kSize = 0x1A;
}  // namespace list_entry

// $INDEX_ROOT value: its own 16 bytes, then an index header.
namespace index_root {
inline constexpr std::size_t kAttributeType = 0;      // u32, 0x30 for directories, 0 for view indexes
inline constexpr std::size_t kCollation = 4;          // u32
inline constexpr std::size_t kBlockSize = 8;          // u32
inline constexpr std::size_t kClustersPerBlock = 12;  // u8
inline constexpr std::size_t kHeader = 16;
inline constexpr std::uint32_t kCollateFileName = 1;
inline constexpr std::uint32_t kCollateU32 = 0x10;
inline constexpr std::uint32_t kCollateSid = 0x11;
inline constexpr std::uint32_t kCollateSecurityHash = 0x12;
inline constexpr std::uint32_t kCollateU32s = 0x13;
}  // namespace index_root

// Index header; its offsets count from its own start.
namespace index_header {
inline constexpr std::size_t kFirstEntry = 0;  // u32
inline constexpr std::size_t kBytesInUse = 4;  // u32
inline constexpr std::size_t kAllocated = 8;   // u32
inline constexpr std::size_t kFlags = 12;      // u8, 1 = has children
inline constexpr std::size_t kSize = 16;
}  // namespace index_header

// Index block ("INDX").
namespace index_block {
inline constexpr std::string_view kMagic = "INDX";
inline constexpr std::size_t kUpdateOffset = 0x04;  // u16, 0x28
inline constexpr std::size_t kUpdateCount = 0x06;   // u16, 9
inline constexpr std::size_t kVcn = 0x10;           // u64, in clusters
inline constexpr std::size_t kHeader = 0x18;        // index header
inline constexpr std::size_t kUpdateArray = 0x28;
}  // namespace index_block

// Index entry: u64 file reference (or u16 data offset, u16 data length, u32 0 in view indexes), then
namespace index_entry {
inline constexpr std::size_t kLength = 8;      // u16
inline constexpr std::size_t kKeyLength = 10;  // u16
inline constexpr std::size_t kFlags = 12;      // u16
inline constexpr std::size_t kKey = 16;
inline constexpr std::uint16_t kHasChild = 1;  // the last 8 bytes are the child's VCN
inline constexpr std::uint16_t kLast = 2;
}  // namespace index_entry

// $Secure:$SDS entry: header, self-relative descriptor; entries 16-aligned, each block of 256 KiB is followed by its
// mirror, no entry crosses a block's end. $SII (key: id) and $SDH (key: hash, id) point at them by the same header.
namespace sds {
inline constexpr std::size_t kHash = 0;     // u32, security_hash()
inline constexpr std::size_t kId = 4;       // u32, from 0x100 on
inline constexpr std::size_t kOffset = 8;   // u64, of the entry in $SDS
inline constexpr std::size_t kLength = 16;  // u32, header included
inline constexpr std::size_t kHeader = 20;
inline constexpr std::size_t kBlock = 0x40000;
inline constexpr std::uint32_t kFirstId = 0x100;
}  // namespace sds

// $Volume flags.
inline constexpr std::uint16_t kVolumeDirty = 0x0001;

// Reparse tags.
inline constexpr std::uint32_t kTagMountPoint = 0xA0000003;
inline constexpr std::uint32_t kTagSymlink = 0xA000000C;
inline constexpr std::uint32_t kTagWof = 0x80000017;

// A reference to a file: record number and the record's sequence number.
[[nodiscard]] constexpr std::uint64_t reference(std::uint64_t record, std::uint16_t sequence) {
  return record | static_cast<std::uint64_t>(sequence) << 48;
}
[[nodiscard]] constexpr std::uint64_t record_of(std::uint64_t reference) { return reference & 0xFFFFFFFFFFFF; }
[[nodiscard]] constexpr std::uint16_t sequence_of(std::uint64_t reference) {
  return static_cast<std::uint16_t>(reference >> 48);
}

}  // namespace winnow::ntfs
