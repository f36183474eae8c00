// WIM files (version 1.13, solid: 0.14): offsets, flags and limits. Sources: Microsoft's "Windows Imaging File Format
// (WIM)" white paper (header, resources, security data, directory entries) and what wimlib-imagex 1.13.6 writes and
// reads (solid resources, order of streams).
//
//   header (208) | resources … | metadata resource | blob table | XML data | integrity table
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::wim {

inline constexpr std::string_view kMagic = std::string_view("MSWIM\0\0\0", 8);
inline constexpr std::uint32_t kVersion = 0x10D00;
inline constexpr std::uint32_t kVersionSolid = 0xE00;

// Header.
inline constexpr std::size_t kHeaderSize = 208;         // u32 at 8
inline constexpr std::size_t kVersionOffset = 12;       // u32
inline constexpr std::size_t kFlagsOffset = 16;         // u32
inline constexpr std::size_t kChunkSizeOffset = 20;     // u32
inline constexpr std::size_t kGuidOffset = 24;          // 16
inline constexpr std::size_t kPartOffset = 40;          // u16 this, u16 of how many
inline constexpr std::size_t kImageCountOffset = 44;    // u32
inline constexpr std::size_t kBlobTableOffset = 48;     // resource header
inline constexpr std::size_t kXmlOffset = 72;           // resource header
inline constexpr std::size_t kBootMetadataOffset = 96;  // resource header
inline constexpr std::size_t kBootIndexOffset = 120;    // u32, from 1; 0 = none
inline constexpr std::size_t kIntegrityOffset = 124;    // resource header
inline constexpr std::uint32_t kFlagCompression = 0x2;
inline constexpr std::uint32_t kFlagXpress = 0x20000;
inline constexpr std::uint32_t kFlagLzx = 0x40000;
inline constexpr std::uint32_t kFlagLzms = 0x80000;

// Resource header: u56 stored size, u8 flags, u64 offset, u64 size.
inline constexpr std::uint8_t kResourceMetadata = 0x02;
inline constexpr std::uint8_t kResourceCompressed = 0x04;
inline constexpr std::uint8_t kResourceSolid = 0x10;
inline constexpr std::uint64_t kMaxStoredSize = (std::uint64_t{1} << 56) - 1;
inline constexpr std::uint64_t kSolidResourceSize = 0x100000000;  // marks the entry of the resource itself

// Blob table entry: resource header, u16 part, u32 references, SHA-1.
inline constexpr std::size_t kBlobEntrySize = 50;

// Chunks, and the numbers a solid resource calls its format by: u64 size, u32 chunk size, u32 format, u32 sizes[].
inline constexpr std::uint32_t kChunkSize = 32768;  // XPRESS, LZX
inline constexpr std::uint32_t kLzmsChunkSize = 131072;
inline constexpr std::uint32_t kSolidChunkSize = 1u << 24;
inline constexpr std::uint32_t kFormatXpress = 1;
inline constexpr std::uint32_t kFormatLzx = 2;
inline constexpr std::uint32_t kFormatLzms = 3;

// Directory entry: 102 bytes, names, then as many stream entries (38 bytes and a name) as it says; all 8-aligned.
// A list of children ends in eight zero bytes.
inline constexpr std::size_t kDentrySize = 102;
inline constexpr std::size_t kStreamEntrySize = 38;
inline constexpr std::size_t kListEnd = 8;
inline constexpr std::uint16_t kTargetNotFixed = 1;  // reparse flags: the target stands as it was captured
inline constexpr std::uint32_t kMaxStreams = 0xFFFF;

// Integrity table: u32 size, u32 entries, u32 chunk size, SHA-1s of header's end to the blob table's end.
inline constexpr std::uint32_t kIntegrityChunkSize = 10u << 20;

inline constexpr std::uint32_t kArchX86 = 0;
inline constexpr std::uint32_t kArchAmd64 = 9;
inline constexpr std::uint32_t kArchArm64 = 12;

}  // namespace winnow::wim
