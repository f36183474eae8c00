// The boot configuration on the EFI system partition of a disk.
#pragma once

#include <filesystem>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// \EFI\Microsoft\Boot\BCD of the first FAT32 partition that has one; nothing when no partition does, or when the file
// is no disk. Error when the file cannot be read at all.
[[nodiscard]] Result<std::optional<Bytes>> find_efi_boot_store(const std::filesystem::path& image);

}  // namespace winnow
