#include "image/disk/partition_table.hpp"

#include <zlib.h>

#include <algorithm>

#include "base/utf16.hpp"
#include "formats/gpt.hpp"
#include "formats/mbr.hpp"
#include "image/disk/byte_fields.hpp"

namespace winnow {

namespace {

constexpr ByteCount kSector = gpt::kSectorSize;

struct Extent {
  std::string name;  // as errors call it
  ByteCount offset, length;
};

// Every extent is whole sectors in [begin, end), and none reaches into another.
Result<void> check_extents(std::vector<Extent> extents, ByteCount begin, ByteCount end) {
  for (const Extent& extent : extents) {
    const std::string cannot = "cannot place partition " + extent.name + ": ";
    if (extent.length == 0) return fail(cannot + "it is empty");
    if (extent.offset % kSector != 0 || extent.length % kSector != 0) {
      return fail(cannot + "it does not begin and end with a sector of 512 bytes");
    }
    if (extent.offset < begin) {
      return fail(cannot + "it begins at " + std::to_string(extent.offset) + ", partitions may from " +
                  std::to_string(begin) + " on");
    }
    if (extent.offset > end || extent.length > end - extent.offset) {
      return fail(cannot + "its " + std::to_string(extent.length) + " bytes at " + std::to_string(extent.offset) +
                  " reach beyond " + std::to_string(end) + ", where partitions must end");
    }
  }
  std::stable_sort(extents.begin(), extents.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
  for (std::size_t i = 1; i < extents.size(); ++i) {
    if (extents[i - 1].offset + extents[i - 1].length <= extents[i].offset) continue;
    return fail("cannot place partition " + extents[i].name + ": it begins inside partition " + extents[i - 1].name);
  }
  return {};
}

void put_boot_signature(std::span<std::uint8_t> sector) { put_le<std::uint16_t>(sector, mbr::kBootSignature, 0xAA55); }

// A cylinder, head and sector of the usual geometry; what lies beyond it has the largest.
void put_address(std::span<std::uint8_t> out, std::size_t offset, std::uint64_t lba) {
  std::uint64_t sector = lba % mbr::kSectorsPerTrack + 1;
  std::uint64_t head = lba / mbr::kSectorsPerTrack % mbr::kHeads;
  std::uint64_t cylinder = lba / mbr::kSectorsPerTrack / mbr::kHeads;
  if (cylinder >= mbr::kMaxCylinders) {
    cylinder = mbr::kMaxCylinders - 1;
    head = mbr::kHeads - 1;
    sector = mbr::kSectorsPerTrack;
  }
  out[offset] = static_cast<std::uint8_t>(head);
  out[offset + 1] = static_cast<std::uint8_t>(sector | (cylinder >> 8 << 6));
  out[offset + 2] = static_cast<std::uint8_t>(cylinder);
}

// The record that tells tools of old that the whole disk is taken.
void put_protective_record(std::span<std::uint8_t> sector, std::uint64_t disk_sectors) {
  using namespace mbr::entry;
  const auto entry = sector.subspan(mbr::kEntries, kSize);
  put_address(entry, kFirstAddress, 1);
  entry[kType] = kTypeProtective;
  put_bytes(entry, kLastAddress, Bytes{0xFF, 0xFF, 0xFF});
  put_le<std::uint32_t>(entry, kFirstLba, 1);
  put_le<std::uint32_t>(entry, kSectors,
                        static_cast<std::uint32_t>(std::min<std::uint64_t>(disk_sectors - 1, mbr::kMaxSectors)));
  put_boot_signature(sector);
}

std::uint32_t crc32_of(ByteView bytes) { return static_cast<std::uint32_t>(::crc32_z(0, bytes.data(), bytes.size())); }

Bytes gpt_entries(const std::vector<GptPartition>& partitions) {
  using namespace gpt::entry;
  Bytes out(kCount * kSize);
  std::size_t at = 0;
  for (const GptPartition& partition : partitions) {
    put_guid(out, at + kTypeGuid, partition.type);
    put_guid(out, at + kUniqueGuid, partition.id);
    put_le<std::uint64_t>(out, at + kFirstLba, partition.offset / kSector);
    put_le<std::uint64_t>(out, at + kLastLba, (partition.offset + partition.length) / kSector - 1);
    put_le<std::uint64_t>(out, at + kAttributes, partition.attributes);
    put_units(out, at + kName, partition.name);
    at += kSize;
  }
  return out;
}

struct HeaderPlace {
  std::uint64_t mine, alternate, entries;  // LBAs
};

Bytes gpt_header(const HeaderPlace& place, std::uint64_t disk_sectors, const Guid& disk_id, ByteView entries) {
  using namespace gpt::header;
  Bytes out(kSector);
  put_text(out, 0, kSignature);
  put_le<std::uint32_t>(out, kRevision, kRevision1);
  put_le<std::uint32_t>(out, kHeaderSize, kSize);
  put_le<std::uint64_t>(out, kMyLba, place.mine);
  put_le<std::uint64_t>(out, kAlternateLba, place.alternate);
  put_le<std::uint64_t>(out, kFirstUsable, gpt::kFirstUsableLba);
  put_le<std::uint64_t>(out, kLastUsable, disk_sectors - gpt::kBackupSectors - 1);
  put_guid(out, kDiskGuid, disk_id);
  put_le<std::uint64_t>(out, kEntriesLba, place.entries);
  put_le<std::uint32_t>(out, kEntryCount, gpt::entry::kCount);
  put_le<std::uint32_t>(out, kEntrySize, gpt::entry::kSize);
  put_le<std::uint32_t>(out, kEntriesChecksum, crc32_of(entries));
  put_le<std::uint32_t>(out, kChecksum, crc32_of(ByteView(out).first(kSize)));
  return out;
}

std::string name_of(std::size_t index, const GptPartition& partition) {
  const auto text = to_utf8(partition.name);
  return std::to_string(index + 1) + (text ? " \"" + *text + "\"" : "");
}

Result<void> check_gpt(ByteCount disk_size, const std::vector<GptPartition>& partitions) {
  constexpr ByteCount kLeast = (gpt::kFirstUsableLba + gpt::kBackupSectors) * kSector;
  if (disk_size % kSector != 0 || disk_size <= kLeast) {
    return fail("cannot partition a disk of " + std::to_string(disk_size) +
                " bytes: a GUID partition table needs whole sectors and more than " + std::to_string(kLeast) +
                " bytes");
  }
  if (partitions.size() > gpt::entry::kCount) {
    return fail("cannot place " + std::to_string(partitions.size()) + " partitions: the table has " +
                std::to_string(gpt::entry::kCount) + " entries");
  }
  std::vector<Extent> extents;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const GptPartition& partition = partitions[i];
    if (partition.name.size() > gpt::entry::kNameUnits) {
      return fail("cannot place partition " + name_of(i, partition) + ": its name is longer than " +
                  std::to_string(gpt::entry::kNameUnits) + " characters");
    }
    extents.push_back({name_of(i, partition), partition.offset, partition.length});
  }
  return check_extents(std::move(extents), gpt_first_usable(), gpt_end_usable(disk_size));
}

Result<void> check_mbr(ByteCount disk_size, std::uint32_t signature, ByteView boot_code,
                       const std::vector<MbrPartition>& partitions) {
  if (boot_code.size() > mbr::kMaxCode) {
    return fail("cannot write a boot record: its code has " + std::to_string(boot_code.size()) + " bytes, at most " +
                std::to_string(mbr::kMaxCode) + " fit");
  }
  if (signature == 0) return fail("cannot write a boot record: the disk signature is 0");
  if (partitions.size() > mbr::kEntryCount) {
    return fail("cannot place " + std::to_string(partitions.size()) + " partitions: a boot record has four entries");
  }
  if (std::count_if(partitions.begin(), partitions.end(), [](const MbrPartition& p) { return p.active; }) > 1) {
    return fail("cannot write a boot record: more than one partition is active");
  }
  std::vector<Extent> extents;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    extents.push_back({std::to_string(i + 1), partitions[i].offset, partitions[i].length});
  }
  return check_extents(std::move(extents), kSector, std::min(disk_size, (mbr::kMaxSectors + 1) * kSector));
}

}  // namespace

ByteCount gpt_first_usable() { return gpt::kFirstUsableLba * kSector; }

ByteCount gpt_end_usable(ByteCount disk_size) { return disk_size - gpt::kBackupSectors * kSector; }

Result<PartitionTable> gpt_table(ByteCount disk_size, const Guid& disk_id,
                                 const std::vector<GptPartition>& partitions) {
  WINNOW_CHECK(check_gpt(disk_size, partitions));
  const std::uint64_t sectors = disk_size / kSector;
  const Bytes entries = gpt_entries(partitions);
  Bytes start(gpt::kFirstUsableLba * kSector);
  put_protective_record(std::span(start).first(kSector), sectors);
  put_bytes(start, kSector, gpt_header({1, sectors - 1, 2}, sectors, disk_id, entries));
  put_bytes(start, 2 * kSector, entries);
  Bytes end = entries;
  const Bytes backup = gpt_header({sectors - 1, 1, sectors - gpt::kBackupSectors}, sectors, disk_id, entries);
  end.insert(end.end(), backup.begin(), backup.end());
  return PartitionTable{memory_segment(0, std::move(start)), memory_segment(gpt_end_usable(disk_size), std::move(end))};
}

Result<PartitionTable> mbr_table(ByteCount disk_size, std::uint32_t signature, ByteView boot_code,
                                 const std::vector<MbrPartition>& partitions) {
  WINNOW_CHECK(check_mbr(disk_size, signature, boot_code, partitions));
  Bytes sector(kSector);
  put_bytes(sector, 0, boot_code);
  put_le<std::uint32_t>(sector, mbr::kDiskSignature, signature);
  std::size_t at = mbr::kEntries;
  for (const MbrPartition& partition : partitions) {
    using namespace mbr::entry;
    const auto entry = std::span(sector).subspan(at, kSize);
    const std::uint64_t first = partition.offset / kSector;
    const std::uint64_t count = partition.length / kSector;
    entry[kStatus] = partition.active ? kActive : 0;
    put_address(entry, kFirstAddress, first);
    entry[kType] = partition.type;
    put_address(entry, kLastAddress, first + count - 1);
    put_le<std::uint32_t>(entry, kFirstLba, static_cast<std::uint32_t>(first));
    put_le<std::uint32_t>(entry, kSectors, static_cast<std::uint32_t>(count));
    at += kSize;
  }
  put_boot_signature(sector);
  return PartitionTable{memory_segment(0, std::move(sector)), std::nullopt};
}

}  // namespace winnow
