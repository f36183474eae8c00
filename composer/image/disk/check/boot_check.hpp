// Boot stores (BCD) against the disk they are on, and boot files against the stores (windows-formats.md 4).
#pragma once

#include <string>
#include <vector>

#include "image/disk/check/findings.hpp"
#include "image/disk/check/partition_check.hpp"

namespace winnow::check {

// What the check of one volume found that has to do with booting.
struct BootVolume {
  std::size_t partition = 0;  // number in the table; 0 = a bare volume
  bool is_fat = false;
  std::optional<Bytes> store;
  std::vector<std::string> files;  // paths of loaders, ASCII lower case
};

// `table` is empty for a bare volume; then devices are not compared.
void check_boot(const PartitionTable& table, const std::vector<BootVolume>& volumes, Findings& findings);

}  // namespace winnow::check
