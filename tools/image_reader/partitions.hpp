// How a disk is divided: GPT, MBR, or one volume and no table at all. Errors are bare reasons.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image_reader/virtual_disk.hpp"

namespace winnow {

enum class PartitionScheme { none, mbr, gpt };

struct Partition {
  ByteCount offset = 0;
  ByteCount size = 0;
  std::string type;         // GPT: the type's GUID; MBR: "07"; no table: ""
  std::string name;         // GPT only
  bool is_active = false;   // MBR only
  std::string file_system;  // by its boot sector: "NTFS", "FAT32", "" = none that is known
};

struct PartitionedDisk {
  PartitionScheme table = PartitionScheme::none;
  std::vector<Partition> partitions;  // in order of the table
};

// The partition Windows lies in: the largest with NTFS, the first of several; nothing when there is none.
[[nodiscard]] std::optional<std::size_t> windows_partition(const PartitionedDisk& disk);

// The primary GPT is read, its checksums compared. Partitions that lie outside the disk are an error.
[[nodiscard]] Result<PartitionedDisk> read_partitions(const VirtualDisk& disk);

}  // namespace winnow
