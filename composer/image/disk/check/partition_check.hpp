// Partition tables: MBR, protective MBR and GPT with both its copies.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/disk/check/disk_view.hpp"
#include "image/disk/check/findings.hpp"

namespace winnow::check {

struct Partition {
  std::size_t number = 0;  // from 1, the place in the table
  std::uint64_t first_lba = 0;
  std::uint64_t sectors = 0;
  std::string type;  // GUID, or "0x07"
  Bytes id;          // GPT: the 16 bytes of the unique GUID
  bool is_active = false;
};

struct PartitionTable {
  bool is_gpt = false;
  Bytes disk_id;  // GPT: disk GUID; MBR: the four bytes of the signature
  std::vector<Partition> partitions;
};

// Nothing when there is no table at all: a bare volume.
[[nodiscard]] std::optional<PartitionTable> check_partitions(const DiskView& disk, Findings& findings);
[[nodiscard]] PartitionTable check_gpt(const DiskView& disk, Findings& findings);
[[nodiscard]] PartitionTable check_mbr(ByteView sector, const DiskView& disk, Findings& findings);
// Inside [first, end) and not overlapping.
void check_places(const PartitionTable& table, std::uint64_t first, std::uint64_t end, Findings& findings);

// Does a partition table begin here? Also a damaged one.
[[nodiscard]] bool has_partition_table(const DiskView& disk);

}  // namespace winnow::check
