// Registry hive files (regf): offsets, flags and limits. Sources: windows-formats.md 4.1; a Windows 10 1709 SYSTEM hive
// (version 1.5) and bcdedit's stores (1.3), read byte by byte.
//
//   base block (4096) | hbin | hbin | …           an hbin is 32 bytes of header and then cells, to its very end
//   cell: i32 size (negative = in use, multiple of 8, the four bytes included), content
//
// Every cell offset is relative to the first hbin, that is to file offset 4096, and points at the cell's size field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::regf {

inline constexpr std::size_t kBaseBlockSize = 4096;
inline constexpr std::size_t kBinAlignment = 4096;
inline constexpr std::size_t kBinHeaderSize = 32;
inline constexpr std::size_t kCellHeaderSize = 4;
inline constexpr std::size_t kCellAlignment = 8;
inline constexpr std::uint32_t kNoCell = 0xFFFFFFFF;
inline constexpr std::uint32_t kMaxHiveSize = 0x7FFFF000;  // offsets with bit 31 name volatile cells

// Base block.
namespace base {
inline constexpr std::string_view kSignature = "regf";
inline constexpr std::size_t kSequence1 = 4;  // u32; both sequences are equal in a hive whose log is applied
inline constexpr std::size_t kSequence2 = 8;
inline constexpr std::size_t kTime = 12;          // u64 FILETIME
inline constexpr std::size_t kMajorVersion = 20;  // u32, 1
inline constexpr std::size_t kMinorVersion = 24;  // u32, 3 to 6
inline constexpr std::size_t kFileType = 28;      // u32, 0 = primary file
inline constexpr std::size_t kFileFormat = 32;    // u32, 1 = direct memory load
inline constexpr std::size_t kRootCell = 36;      // u32
inline constexpr std::size_t kBinsSize = 40;      // u32, bytes of all hbins
inline constexpr std::size_t kClustering = 44;    // u32, 1
inline constexpr std::size_t kFileName = 48;      // 64 bytes UTF-16, the tail of the hive's path, NUL-terminated
inline constexpr std::size_t kFileNameUnits = 31;
inline constexpr std::size_t kChecksum = 508;  // u32, XOR of the 127 dwords before it; 0 -> 1, 0xFFFFFFFF -> 0xFFFFFFFE
}  // namespace base

// hbin header.
namespace bin {
inline constexpr std::string_view kSignature = "hbin";
inline constexpr std::size_t kOffset = 4;  // u32, its own, relative to the first hbin
inline constexpr std::size_t kSize = 8;    // u32, multiple of 4096
inline constexpr std::size_t kTime = 20;   // u64 FILETIME, first hbin only
}  // namespace bin

// Key node; offsets are into the cell's content (after the size field), as everywhere below.
namespace nk {
inline constexpr std::string_view kSignature = "nk";
inline constexpr std::size_t kFlags = 2;  // u16
inline constexpr std::size_t kTime = 4;   // u64 FILETIME
inline constexpr std::size_t kParent = 16;
inline constexpr std::size_t kSubkeyCount = 20;
inline constexpr std::size_t kVolatileSubkeyCount = 24;
inline constexpr std::size_t kSubkeyList = 28;
inline constexpr std::size_t kVolatileSubkeyList = 32;
inline constexpr std::size_t kValueCount = 36;
inline constexpr std::size_t kValueList = 40;
inline constexpr std::size_t kSecurity = 44;
inline constexpr std::size_t kClass = 48;
inline constexpr std::size_t kMaxSubkeyName = 52;  // bytes of the longest subkey name as UTF-16
inline constexpr std::size_t kMaxValueName = 60;   // bytes of the longest value name as UTF-16
inline constexpr std::size_t kMaxValueData = 64;
inline constexpr std::size_t kNameLength = 72;  // u16, bytes as stored
inline constexpr std::size_t kName = 76;
inline constexpr std::uint16_t kFlagHiveRoot = 0x04;
inline constexpr std::uint16_t kFlagNoDelete = 0x08;
inline constexpr std::uint16_t kFlagSymbolicLink = 0x10;    // has a REG_LINK value "SymbolicLinkValue"
inline constexpr std::uint16_t kFlagCompressedName = 0x20;  // one byte a character, U+0000 to U+00FF
inline constexpr std::size_t kMaxNameUnits = 255;
}  // namespace nk

// Value.
namespace vk {
inline constexpr std::string_view kSignature = "vk";
inline constexpr std::size_t kNameLength = 2;  // u16; 0 = the key's default value
inline constexpr std::size_t kDataLength = 4;  // u32; kInlineData set: at most 4 bytes, kept in the data field itself
inline constexpr std::size_t kData = 8;
inline constexpr std::size_t kType = 12;
inline constexpr std::size_t kFlags = 16;  // u16
inline constexpr std::size_t kName = 20;
inline constexpr std::uint32_t kInlineData = 0x80000000;
inline constexpr std::size_t kMaxInlineData = 4;
inline constexpr std::uint16_t kFlagCompressedName = 0x01;
inline constexpr std::size_t kMaxNameUnits = 16383;
}  // namespace vk

// Subkey lists. lf and lh: u16 count, count x {u32 nk, u32 hint}; li and ri: u16 count, count x u32. lf's hint is the
// name's first four bytes (hives before 1.5), lh's a hash of the upper-cased name (h = 37 h + unit); an ri holds lists,
// never another ri.
namespace list {
inline constexpr std::string_view kNameHintLeaf = "lf";
inline constexpr std::string_view kHashLeaf = "lh";
inline constexpr std::string_view kPlainLeaf = "li";
inline constexpr std::string_view kRoot = "ri";
inline constexpr std::size_t kCount = 2;  // u16
inline constexpr std::size_t kEntries = 4;
// What fits one 4096-byte hbin: (4096 - 32 - 4 - 4) / 8. Windows itself splits into leaves of 506.
inline constexpr std::size_t kMaxLeafEntries = 507;
static_assert(kBinHeaderSize + kCellHeaderSize + kEntries + kMaxLeafEntries * 8 == kBinAlignment);
}  // namespace list

// Data longer than one segment, from version 1.4 on: u16 count, u32 cell of a list of `count` segment cells.
namespace db {
inline constexpr std::string_view kSignature = "db";
inline constexpr std::size_t kCount = 2;  // u16
inline constexpr std::size_t kList = 4;   // u32
inline constexpr std::size_t kSize = 8;
inline constexpr std::size_t kSegmentSize = 16344;
inline constexpr std::uint32_t kFirstMinorVersion = 4;
}  // namespace db

// Security descriptor, shared by keys; all of a hive form one ring.
namespace sk {
inline constexpr std::string_view kSignature = "sk";
inline constexpr std::size_t kNext = 4;
inline constexpr std::size_t kPrevious = 8;
inline constexpr std::size_t kReferences = 12;  // number of nk that use it
inline constexpr std::size_t kLength = 16;
inline constexpr std::size_t kDescriptor = 20;
}  // namespace sk

}  // namespace winnow::regf
