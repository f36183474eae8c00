// Checks a disk image, or a bare volume, as `winnow verify` does: the container (VHD, VHDX, raw), the partition table,
// every NTFS and FAT32 volume, and the boot stores. It reads raw bytes and shares nothing with the writers but the
// constants in formats/. Every fault is one line: where, what was found, what was expected.
#pragma once

#include <filesystem>

#include "base/bytes.hpp"
#include "image/container/verify_image.hpp"

namespace winnow {

// Is the content of `image` a disk, whatever its name says? False also when it cannot be read.
[[nodiscard]] bool is_disk_image(const std::filesystem::path& image);

// `entries` counts MFT records in use and FAT directory entries. Error when the file cannot be read at all.
[[nodiscard]] Result<VerifyReport> check_disk(const std::filesystem::path& image);

// The same over bytes in memory, for the fuzzer.
[[nodiscard]] VerifyReport check_disk_bytes(ByteView bytes);

}  // namespace winnow
