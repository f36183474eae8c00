#include "image/boot/boot_code.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "formats/ntfs.hpp"

namespace winnow {

// Made by boot_code.cmake.
extern const std::array<std::uint8_t, kMbrCodeSize> kMbrBootCode;
extern const std::array<std::uint8_t, kNtfsBootRecordSize> kNtfsBootRecord;
static_assert(kNtfsBootRecordSize == ntfs::kBootSize);

ByteView mbr_boot_code() { return kMbrBootCode; }

ByteView ntfs_boot_record() { return kNtfsBootRecord; }

namespace {

constexpr std::array<std::uint8_t, 11> kStart = {0xEB, 0x52, 0x90, 'N', 'T', 'F', 'S', ' ', ' ', ' ', ' '};
// Sector 1 of Microsoft's record: the length of a name, and the name of the file to load (windows-formats.md 3.8).
constexpr std::array<std::uint8_t, 16> kLoaderName = {7, 0, 'B', 0, 'O', 0, 'O', 0, 'T', 0, 'M', 0, 'G', 0, 'R', 0};

bool is_boot_record(ByteView record) {
  return record[ntfs::boot::kSignature] == 0x55 && record[ntfs::boot::kSignature + 1] == 0xAA &&
         std::equal(kLoaderName.begin(), kLoaderName.end(), record.begin() + ntfs::kSectorSize);
}

}  // namespace

std::optional<Bytes> find_ntfs_boot_record(ByteView file) {
  const std::boyer_moore_searcher search(kStart.begin(), kStart.end());
  for (auto at = file.begin();; ++at) {
    at = std::search(at, file.end(), search);
    const auto record = slice(file, static_cast<std::uint64_t>(at - file.begin()), kNtfsBootRecordSize);
    if (!record) return std::nullopt;
    if (is_boot_record(*record)) return Bytes(record->begin(), record->end());
  }
}

}  // namespace winnow
