// Checks an NTFS volume from its boot sector to its backup: every rule of Windows' own driver that these images depend
// on (disk-measurements.md 4), read from the raw bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/disk/check/disk_view.hpp"
#include "image/disk/check/findings.hpp"
#include "image/disk/check/ntfs_volume.hpp"

namespace winnow::check {

struct NtfsPlace {
  std::string prefix;                   // of every subject: "partition 1: "
  std::optional<std::uint64_t> hidden;  // the partition's first LBA; nothing when there is no partition table
};

struct NtfsResult {
  std::size_t records = 0;              // in use
  std::optional<Bytes> boot_store;      // \Boot\BCD
  std::vector<std::string> boot_files;  // "\bootmgr", loaders, what RAM disks are made of: paths in ASCII lower case
};

[[nodiscard]] NtfsResult check_ntfs(const DiskView& volume, const NtfsPlace& place, Findings& findings);

}  // namespace winnow::check
