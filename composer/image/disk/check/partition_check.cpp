#include "image/disk/check/partition_check.hpp"

#include <algorithm>

#include "formats/gpt.hpp"
#include "formats/mbr.hpp"
#include "formats/ntfs.hpp"

namespace winnow::check {

namespace {

constexpr std::uint64_t kUsualFirstLba = 2048;
constexpr std::size_t kVolumeName = 3;      // NTFS
constexpr std::size_t kFatTypeName = 0x52;  // FAT32

bool has_text(const DiskView& disk, std::uint64_t offset, std::string_view text) {
  const auto bytes = disk.read(offset, text.size());
  return bytes && as_text(*bytes) == text;
}

bool is_volume(const DiskView& disk, std::uint64_t offset) {
  return has_text(disk, offset + kVolumeName, ntfs::boot::kOemId) || has_text(disk, offset + kFatTypeName, "FAT32   ");
}

// Four entries that could be partitions, at least one of which is.
bool is_entry_table(ByteView sector) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < mbr::kEntryCount; ++i) {
    const ByteView entry = sector.subspan(mbr::kEntries + i * mbr::entry::kSize, mbr::entry::kSize);
    const std::uint8_t status = entry[mbr::entry::kStatus];
    if (status != 0 && status != mbr::entry::kActive) return false;
    used += entry[mbr::entry::kType] != 0 && *read_le<std::uint32_t>(entry, mbr::entry::kSectors) != 0 ? 1u : 0u;
  }
  return used > 0;
}

// Cylinder, head and sector of an LBA as an entry has them; what lies behind the last cylinder is FE FF FF.
std::uint32_t address_of(std::uint64_t lba) {
  const std::uint64_t cylinder = lba / (mbr::kHeads * mbr::kSectorsPerTrack);
  if (cylinder >= mbr::kMaxCylinders) return 0xFFFFFE;
  const std::uint64_t head = lba / mbr::kSectorsPerTrack % mbr::kHeads;
  const std::uint64_t sector = lba % mbr::kSectorsPerTrack + 1;
  return static_cast<std::uint32_t>(head | sector << 8 | (cylinder >> 8) << 14 | (cylinder & 0xFF) << 16);
}

std::uint32_t address_at(ByteView entry, std::size_t field) {
  return entry[field] | static_cast<std::uint32_t>(entry[field + 1]) << 8 |
         static_cast<std::uint32_t>(entry[field + 2]) << 16;
}

void check_entry(ByteView entry, const Partition& partition, Findings& findings) {
  const std::string subject = "MBR partition " + std::to_string(partition.number);
  if (entry[mbr::entry::kStatus] != 0 && !partition.is_active) {
    findings.add(subject, "status is " + hex(entry[mbr::entry::kStatus]) + ", expected 0x0 or 0x80");
  }
  const std::uint64_t last = partition.first_lba + partition.sectors - 1;
  const auto expect = [&](const char* what, std::size_t field, std::uint64_t lba) {
    const std::uint32_t found = address_at(entry, field);
    const bool is_beyond = address_of(lba) == 0xFFFFFE && found == 0xFFFFFF;
    if (found != address_of(lba) && !is_beyond) findings.add(subject, differs_hex(what, found, address_of(lba)));
  };
  expect("first CHS address", mbr::entry::kFirstAddress, partition.first_lba);
  expect("last CHS address", mbr::entry::kLastAddress, last);
}

}  // namespace

bool has_partition_table(const DiskView& disk) {
  const auto sector = disk.read(0, mbr::kSectorSize);
  if (!sector || is_volume(disk, 0)) return false;
  if (has_text(disk, gpt::kSectorSize, gpt::header::kSignature)) return true;
  if (!is_entry_table(*sector)) return false;
  return *read_le<std::uint16_t>(*sector, mbr::kBootSignature) == 0xAA55 ||
         is_volume(disk, kUsualFirstLba * mbr::kSectorSize);
}

PartitionTable check_mbr(ByteView sector, const DiskView& disk, Findings& findings) {
  PartitionTable table;
  const auto signature = *read_le<std::uint16_t>(sector, mbr::kBootSignature);
  if (signature != 0xAA55) findings.add("MBR", differs_hex("signature", signature, 0xAA55));
  table.disk_id.assign(sector.begin() + mbr::kDiskSignature, sector.begin() + mbr::kDiskSignature + 4);
  if (*read_le<std::uint32_t>(sector, mbr::kDiskSignature) == 0) findings.add("MBR", "disk signature is 0");
  std::size_t active = 0;
  for (std::size_t i = 0; i < mbr::kEntryCount; ++i) {
    const ByteView entry = sector.subspan(mbr::kEntries + i * mbr::entry::kSize, mbr::entry::kSize);
    Partition partition;
    partition.number = i + 1;
    partition.first_lba = *read_le<std::uint32_t>(entry, mbr::entry::kFirstLba);
    partition.sectors = *read_le<std::uint32_t>(entry, mbr::entry::kSectors);
    partition.type = hex(entry[mbr::entry::kType]);
    partition.is_active = entry[mbr::entry::kStatus] == mbr::entry::kActive;
    if (entry[mbr::entry::kType] == 0 || partition.sectors == 0) {
      if (std::any_of(entry.begin(), entry.end(), [](std::uint8_t b) { return b != 0; })) {
        findings.add("MBR partition " + std::to_string(i + 1), "type or size is 0, but the entry is not empty");
      }
      continue;
    }
    check_entry(entry, partition, findings);
    active += partition.is_active ? 1u : 0u;
    table.partitions.push_back(std::move(partition));
  }
  if (active > 1) findings.add("MBR", std::to_string(active) + " partitions are active, expected at most one");
  check_places(table, 1, disk.size() / mbr::kSectorSize, findings);
  return table;
}

void check_places(const PartitionTable& table, std::uint64_t first, std::uint64_t end, Findings& findings) {
  std::vector<const Partition*> sorted;
  for (const Partition& partition : table.partitions) sorted.push_back(&partition);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Partition* a, const Partition* b) { return a->first_lba < b->first_lba; });
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Partition& p = *sorted[i];
    const std::string subject = "partition " + std::to_string(p.number);
    if (p.first_lba < first || p.first_lba >= end || p.sectors > end - p.first_lba) {
      findings.add(subject, "LBA " + std::to_string(p.first_lba) + " to " +
                                std::to_string(p.first_lba + p.sectors - 1) + ": outside the usable " +
                                std::to_string(first) + " to " + std::to_string(end - 1));
    }
    if (i > 0 && sorted[i - 1]->first_lba + sorted[i - 1]->sectors > p.first_lba) {
      findings.add(subject, "it overlaps partition " + std::to_string(sorted[i - 1]->number) + ", which ends at LBA " +
                                std::to_string(sorted[i - 1]->first_lba + sorted[i - 1]->sectors - 1));
    }
  }
}

std::optional<PartitionTable> check_partitions(const DiskView& disk, Findings& findings) {
  if (!has_partition_table(disk)) return std::nullopt;
  const auto sector = disk.read(0, mbr::kSectorSize);
  const ByteView first_entry = ByteView(*sector).subspan(mbr::kEntries, mbr::entry::kSize);
  const bool is_protective = first_entry[mbr::entry::kType] == mbr::entry::kTypeProtective;
  if (is_protective || has_text(disk, gpt::kSectorSize, gpt::header::kSignature)) return check_gpt(disk, findings);
  return check_mbr(*sector, disk, findings);
}

}  // namespace winnow::check
