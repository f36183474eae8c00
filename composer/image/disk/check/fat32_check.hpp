// Checks a FAT32 volume: boot sector and its backup, FSInfo, both FATs, every chain and directory entry.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/disk/check/disk_view.hpp"
#include "image/disk/check/findings.hpp"

namespace winnow::check {

inline constexpr std::uint64_t kMaxFatClusters = 16u << 20;  // more than any system partition has
inline constexpr std::size_t kMaxFatDepth = 64;

struct Fat32Result {
  std::size_t entries = 0;          // of directories, long names not counted
  std::optional<Bytes> boot_store;  // \EFI\Microsoft\Boot\BCD
  std::vector<std::string> files;   // "\efi\boot\bootx64.efi", ASCII lower case
};

// `prefix`: "partition 1: "; `hidden`: the partition's first LBA, nothing when there is no partition table.
[[nodiscard]] Fat32Result check_fat32(const DiskView& volume, const std::string& prefix,
                                      std::optional<std::uint64_t> hidden, Findings& findings);

}  // namespace winnow::check
