// Disk containers: VHD (fixed and dynamic) and VHDX. Each check gives the disk inside, as far as it can be read.
#pragma once

#include <optional>

#include "image/disk/check/disk_view.hpp"
#include "image/disk/check/findings.hpp"

namespace winnow::check {

enum class Container { raw, vhd, vhdx };

// By content: two of three marks are enough, so that a damaged one is still named.
[[nodiscard]] Container recognise_container(ByteView file);

[[nodiscard]] std::optional<DiskView> check_vhd(ByteView file, Findings& findings);
[[nodiscard]] std::optional<DiskView> check_vhdx(ByteView file, Findings& findings);

// CRC-32C (Castagnoli), as VHDX uses it.
[[nodiscard]] std::uint32_t crc32c(ByteView bytes);
// "file offset 0x200"
[[nodiscard]] std::string file_place(std::uint64_t offset);

// File ranges that must not overlap.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::string name;
};
// One line for each that begins before the one before it ends.
void check_overlaps(std::vector<Extent> extents, Findings& findings);

}  // namespace winnow::check
