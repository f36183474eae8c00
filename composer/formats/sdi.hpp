// System Deployment Images: a header of one page and blobs behind it; what Windows' boot manager makes a RAM disk from.
// Microsoft has never published the format. Sources: S. Kolisnyk, "SDI file format specification" (2008; header, table,
// checksum), file(1)'s magic for it, DiscUtils' reader (both: sizes in bytes), and descriptions of Microsoft's own
// boot.sdi (two entries, alignment 2, checksum 0x39). No file of Microsoft's was at hand to compare with.
//
//   header | table from 0x400 | zeros | PART: an NTFS volume           multiples of the alignment
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace winnow::sdi {

inline constexpr ByteCount kPageSize = 4096;
inline constexpr std::size_t kHeaderSize = 0x200;  // its bytes add up to 0, modulo 256

// Header. All numbers are u64; what is not named here is 0 in Microsoft's boot.sdi.
inline constexpr std::string_view kMagic = "$SDI0001";
inline constexpr std::size_t kAlignment = 0x70;  // of blobs, in pages
inline constexpr std::size_t kChecksum = 0x1F8;  // u8: makes the header add up to 0

// Table: entries until one whose type is empty.
inline constexpr std::size_t kTable = 0x400;
inline constexpr std::size_t kEntrySize = 0x40;
inline constexpr std::size_t kEntryType = 0x00;  // 8 bytes, padded with zeros
inline constexpr std::size_t kEntryOffset = 0x10;
inline constexpr std::size_t kEntrySizeField = 0x18;
inline constexpr std::size_t kEntryPartitionType = 0x20;  // of PART: as in an MBR
inline constexpr std::string_view kPart = "PART";
// Where the boot manager puts the WIM file behind the image in memory: at the end, with size 0.
inline constexpr std::string_view kWim = "WIM";
inline constexpr std::uint64_t kNtfs = 7;

inline constexpr std::uint64_t kBootAlignment = 2;  // pages, of Microsoft's boot.sdi

}  // namespace winnow::sdi
