// POSIX pax archives as Windows container layers use them: the ustar header block and the keys of extended records.
// Sources: POSIX pax "ustar Interchange Format"; windows-formats.md 1.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::pax {

inline constexpr std::size_t kBlockSize = 512;
inline constexpr std::size_t kEndBlocks = 2;  // zero blocks that end an archive

struct Field {
  std::size_t offset;
  std::size_t size;
};
inline constexpr Field kName{0, 100};
inline constexpr Field kMode{100, 8};
inline constexpr Field kUid{108, 8};
inline constexpr Field kGid{116, 8};
inline constexpr Field kSize{124, 12};
inline constexpr Field kMtime{136, 12};
inline constexpr Field kChecksum{148, 8};  // sum of all bytes with this field as spaces
inline constexpr Field kTypeFlag{156, 1};
inline constexpr Field kLinkName{157, 100};
inline constexpr Field kMagic{257, 6};
inline constexpr Field kVersion{263, 2};
inline constexpr Field kDevMajor{329, 8};
inline constexpr Field kDevMinor{337, 8};
inline constexpr Field kPrefix{345, 155};
inline constexpr std::string_view kUstarMagic{"ustar\0", 6};
inline constexpr std::string_view kUstarVersion = "00";
inline constexpr std::string_view kGnuMagic = "ustar ";

inline constexpr char kFile = '0';
inline constexpr char kOldFile = '\0';
inline constexpr char kHardLink = '1';
inline constexpr char kSymbolicLink = '2';
inline constexpr char kDirectory = '5';
inline constexpr char kExtendedHeader = 'x';
inline constexpr char kGlobalHeader = 'g';

inline constexpr std::string_view kCreationTime = "LIBARCHIVE.creationtime";
inline constexpr std::string_view kFileAttributes = "MSWINDOWS.fileattr";
inline constexpr std::string_view kSecurityDescriptor = "MSWINDOWS.rawsd";
inline constexpr std::string_view kAccessTime = "atime";
inline constexpr std::string_view kChangeTime = "ctime";
inline constexpr std::string_view kLinkPath = "linkpath";
inline constexpr std::string_view kModificationTime = "mtime";
inline constexpr std::string_view kPath = "path";
inline constexpr std::string_view kSizeRecord = "size";

// Modes that go-winio writes for layer entries: the file type alone, no permission bits.
inline constexpr std::uint32_t kLayerDirectoryMode = 0040000;
inline constexpr std::uint32_t kLayerFileMode = 0100000;
inline constexpr std::uint32_t kLayerLinkMode = 0644;

// FILETIME counts 100 ns, so a time has at most this many fractional digits.
inline constexpr std::size_t kMaxFractionDigits = 7;

}  // namespace winnow::pax
