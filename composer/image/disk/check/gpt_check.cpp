#include <zlib.h>

#include <algorithm>
#include <set>

#include "formats/gpt.hpp"
#include "formats/mbr.hpp"
#include "image/disk/check/partition_check.hpp"
#include "image/disk/disk_identity.hpp"

namespace winnow::check {

namespace {

constexpr std::size_t kMaxTableBytes = 1u << 20;

std::uint32_t crc_of(ByteView bytes) {
  return static_cast<std::uint32_t>(crc32(0, bytes.data(), static_cast<uInt>(bytes.size())));
}

struct Header {
  Bytes sector;
  Bytes entries;
  [[nodiscard]] std::uint64_t u64(std::size_t field) const { return *read_le<std::uint64_t>(sector, field); }
  [[nodiscard]] std::uint32_t u32(std::size_t field) const { return *read_le<std::uint32_t>(sector, field); }
};

std::string guid_at(ByteView bytes, std::size_t offset) {
  Guid guid;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), guid.bytes.size(), guid.bytes.begin());
  return to_string(guid);
}

class GptCheck {
 public:
  GptCheck(const DiskView& disk, Findings& findings)
      : disk_(disk), findings_(findings), sectors_(disk.size() / gpt::kSectorSize) {}

  PartitionTable run() {
    PartitionTable table;
    table.is_gpt = true;
    check_protective();
    const auto primary = read_header(1, "GPT header");
    const auto backup = read_header(sectors_ - 1, "GPT backup header");
    if (primary) check_header(*primary, 1, sectors_ - 1, 2, "GPT header");
    if (backup) {
      const std::uint64_t entries = sectors_ - 1 - table_sectors(*backup);
      check_header(*backup, sectors_ - 1, 1, entries, "GPT backup header");
    }
    if (primary && backup) compare(*primary, *backup);
    const auto& chosen = primary ? primary : backup;
    if (chosen) read_partitions(*chosen, table);
    return table;
  }

 private:
  [[nodiscard]] static std::uint64_t table_sectors(const Header& header) {
    return (header.entries.size() + gpt::kSectorSize - 1) / gpt::kSectorSize;
  }

  void check_protective() {
    const auto sector = disk_.read(0, mbr::kSectorSize);
    if (!sector) return;
    const std::string subject = "protective MBR";
    const auto expect = [&](const char* what, std::uint64_t found, std::uint64_t expected) {
      if (found != expected) findings_.add(subject, differs_hex(what, found, expected));
    };
    expect("signature", *read_le<std::uint16_t>(*sector, mbr::kBootSignature), 0xAA55);
    const ByteView entry = ByteView(*sector).subspan(mbr::kEntries, mbr::entry::kSize);
    expect("type", entry[mbr::entry::kType], mbr::entry::kTypeProtective);
    expect("first LBA", *read_le<std::uint32_t>(entry, mbr::entry::kFirstLba), 1);
    expect("number of sectors", *read_le<std::uint32_t>(entry, mbr::entry::kSectors),
           std::min<std::uint64_t>(sectors_ - 1, mbr::kMaxSectors));
    expect("status", entry[mbr::entry::kStatus], 0);
    const ByteView others = ByteView(*sector).subspan(mbr::kEntries + mbr::entry::kSize, 3 * mbr::entry::kSize);
    if (!is_zero(others)) findings_.add(subject, "entries 2 to 4 are not empty");
  }

  std::optional<Header> read_header(std::uint64_t lba, const std::string& subject) {
    auto sector = disk_.read(lba * gpt::kSectorSize, gpt::kSectorSize);
    if (!sector || !as_text(*sector).starts_with(gpt::header::kSignature)) {
      findings_.add(subject, "LBA " + std::to_string(lba) + " does not begin with \"EFI PART\"");
      return std::nullopt;
    }
    Header header{std::move(*sector), {}};
    const auto size = header.u32(gpt::header::kHeaderSize);
    if (size < gpt::header::kSize || size > gpt::kSectorSize) {
      findings_.add(subject, differs("header size", size, gpt::header::kSize));
      return std::nullopt;
    }
    Bytes zeroed(header.sector.begin(), header.sector.begin() + size);
    std::fill_n(zeroed.begin() + gpt::header::kChecksum, 4, std::uint8_t{0});
    const auto checksum = header.u32(gpt::header::kChecksum);
    if (checksum != crc_of(zeroed)) findings_.add(subject, differs_hex("checksum", checksum, crc_of(zeroed)));
    const std::uint64_t bytes =
        std::uint64_t{header.u32(gpt::header::kEntryCount)} * header.u32(gpt::header::kEntrySize);
    const auto lba_of_entries = header.u64(gpt::header::kEntriesLba);
    auto entries = bytes == 0 || bytes > kMaxTableBytes || lba_of_entries >= sectors_
                       ? std::nullopt
                       : disk_.read(lba_of_entries * gpt::kSectorSize, bytes);
    if (!entries || header.u32(gpt::header::kEntrySize) < gpt::entry::kSize) {
      findings_.add(subject, "its entries at LBA " + std::to_string(lba_of_entries) + " cannot be read");
      return std::nullopt;
    }
    header.entries = std::move(*entries);
    const auto entries_checksum = header.u32(gpt::header::kEntriesChecksum);
    if (entries_checksum != crc_of(header.entries)) {
      findings_.add(subject, differs_hex("checksum of the entries", entries_checksum, crc_of(header.entries)));
    }
    return header;
  }

  void check_header(const Header& header, std::uint64_t own, std::uint64_t other, std::uint64_t entries,
                    const std::string& subject) {
    const auto expect = [&](const char* what, std::uint64_t found, std::uint64_t expected) {
      if (found != expected) findings_.add(subject, differs(what, found, expected));
    };
    expect("revision", header.u32(gpt::header::kRevision), gpt::header::kRevision1);
    expect("its own LBA", header.u64(gpt::header::kMyLba), own);
    expect("LBA of the other header", header.u64(gpt::header::kAlternateLba), other);
    expect("first usable LBA", header.u64(gpt::header::kFirstUsable), 2 + table_sectors(header));
    expect("last usable LBA", header.u64(gpt::header::kLastUsable), sectors_ - 2 - table_sectors(header));
    expect("LBA of the entries", header.u64(gpt::header::kEntriesLba), entries);
    if (is_zero(ByteView(header.sector).subspan(gpt::header::kDiskGuid, 16)))
      findings_.add(subject, "disk GUID is zero");
    if (!is_zero(ByteView(header.sector).subspan(gpt::header::kSize))) {
      findings_.add(subject, "the sector is not zero behind the header");
    }
  }

  void compare(const Header& primary, const Header& backup) {
    if (primary.entries != backup.entries) {
      const auto at =
          std::mismatch(primary.entries.begin(), primary.entries.end(), backup.entries.begin(), backup.entries.end())
              .first -
          primary.entries.begin();
      findings_.add("GPT backup entries",
                    "they differ from the entries from byte " + hex(static_cast<std::uint64_t>(at)) + " on");
    }
    if (guid_at(primary.sector, gpt::header::kDiskGuid) != guid_at(backup.sector, gpt::header::kDiskGuid)) {
      findings_.add("GPT backup header", "disk GUID is " + guid_at(backup.sector, gpt::header::kDiskGuid) +
                                             ", expected " + guid_at(primary.sector, gpt::header::kDiskGuid));
    }
  }

  void read_partitions(const Header& header, PartitionTable& table) {
    const std::size_t size = header.u32(gpt::header::kEntrySize);
    std::set<std::string> ids{guid_at(header.sector, gpt::header::kDiskGuid)};
    table.disk_id.assign(header.sector.begin() + gpt::header::kDiskGuid,
                         header.sector.begin() + gpt::header::kDiskGuid + 16);
    for (std::size_t i = 0; (i + 1) * size <= header.entries.size(); ++i) {
      const ByteView entry = ByteView(header.entries).subspan(i * size, gpt::entry::kSize);
      if (is_zero(entry.subspan(gpt::entry::kTypeGuid, 16))) {
        if (!is_zero(entry))
          findings_.add("GPT partition " + std::to_string(i + 1), "type is zero, but the entry is not empty");
        continue;
      }
      Partition partition;
      partition.number = i + 1;
      partition.first_lba = *read_le<std::uint64_t>(entry, gpt::entry::kFirstLba);
      const auto last = *read_le<std::uint64_t>(entry, gpt::entry::kLastLba);
      partition.type = guid_at(entry, gpt::entry::kTypeGuid);
      partition.id.assign(entry.begin() + gpt::entry::kUniqueGuid, entry.begin() + gpt::entry::kUniqueGuid + 16);
      const std::string subject = "GPT partition " + std::to_string(i + 1);
      if (is_zero(partition.id)) findings_.add(subject, "unique GUID is zero");
      if (!ids.insert(guid_at(partition.id, 0)).second)
        findings_.add(subject, "unique GUID " + guid_at(partition.id, 0) + " is used twice");
      if (last < partition.first_lba || last >= sectors_) {
        findings_.add(subject, "LBA " + std::to_string(partition.first_lba) + " to " + std::to_string(last) +
                                   ": not on the disk of " + std::to_string(sectors_) + " sectors");
        continue;
      }
      partition.sectors = last - partition.first_lba + 1;
      table.partitions.push_back(std::move(partition));
    }
    check_places(table, 2 + table_sectors(header), sectors_ - 1 - table_sectors(header), findings_);
  }

  const DiskView& disk_;
  Findings& findings_;
  std::uint64_t sectors_;
};

}  // namespace

PartitionTable check_gpt(const DiskView& disk, Findings& findings) {
  if (disk.size() < 68 * gpt::kSectorSize) {
    findings.add("GPT", "the disk of " + std::to_string(disk.size()) + " bytes has no room for it");
    return {};
  }
  return GptCheck(disk, findings).run();
}

}  // namespace winnow::check
