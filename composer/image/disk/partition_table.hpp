// GUID partition tables and master boot records. Where partitions stand and what they are named is the caller's to say
// (aligned to 1 MiB, as all tools of today do); here it becomes bytes, and what cannot be is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "image/disk/disk_identity.hpp"
#include "image/disk/disk_layout.hpp"

namespace winnow {

struct GptPartition {
  Guid type;
  Guid id;
  std::u16string name;   // at most 36 units
  ByteCount offset = 0;  // of the disk, like `length` whole sectors
  ByteCount length = 0;
  std::uint64_t attributes = 0;
};

struct MbrPartition {
  std::uint8_t type = 0;
  ByteCount offset = 0;
  ByteCount length = 0;
  bool active = false;
};

struct PartitionTable {
  Segment start;               // goes before all partitions
  std::optional<Segment> end;  // goes behind them (GPT only)
};

// At most 128 partitions, in any order: their numbers are those of the list. Error: "cannot place partition N …: …",
// when one reaches outside, into another, or has a name that is too long.
[[nodiscard]] Result<PartitionTable> gpt_table(ByteCount disk_size, const Guid& disk_id,
                                               const std::vector<GptPartition>& partitions);
// At most four partitions, of which at most one is active. `boot_code` is at most 440 bytes, `signature` not 0: boot
// stores name the disk by it.
[[nodiscard]] Result<PartitionTable> mbr_table(ByteCount disk_size, std::uint32_t signature, ByteView boot_code,
                                               const std::vector<MbrPartition>& partitions);

// Where partitions may stand on a disk with a GUID partition table.
[[nodiscard]] ByteCount gpt_first_usable();
[[nodiscard]] ByteCount gpt_end_usable(ByteCount disk_size);

}  // namespace winnow
