#include "image_reader/partitions.hpp"

#include <array>
#include <cstring>
#include <optional>

#include "base/utf16.hpp"
#include "formats/gpt.hpp"
#include "formats/mbr.hpp"
#include "formats/ntfs.hpp"
#include "image/disk/disk_identity.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kMaxPartitionEntries = 1024;

Result<Bytes> read_bytes(const VirtualDisk& disk, ByteCount offset, ByteCount count) {
  if (offset > disk.size() || count > disk.size() - offset) return fail("its partition table lies outside the disk");
  Bytes bytes(static_cast<std::size_t>(count));
  WINNOW_CHECK(disk.read(offset, bytes));
  return bytes;
}

template <class T>
T field(ByteView bytes, std::size_t offset) {
  return read_le<T>(bytes, offset).value_or(0);
}

bool has_text(ByteView bytes, std::size_t offset, std::string_view text) {
  const auto part = slice(bytes, offset, text.size());
  return part && as_text(*part) == text;
}

bool is_boot_sector(ByteView sector) { return field<std::uint16_t>(sector, mbr::kBootSignature) == 0xAA55; }

std::string file_system_of(ByteView sector) {
  if (!is_boot_sector(sector)) return "";
  if (has_text(sector, ntfs::boot::kOemIdOffset, ntfs::boot::kOemId)) return "NTFS";
  constexpr std::size_t kFat32Name = 0x52;
  return has_text(sector, kFat32Name, "FAT32   ") ? "FAT32" : "";
}

// CRC-32 of zlib's kind, bit by bit: a table is read once.
std::uint32_t crc32_of(ByteView bytes) {
  std::uint32_t crc = ~std::uint32_t{0};
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320u : 0u);
  }
  return ~crc;
}

Result<void> add_partition(const VirtualDisk& disk, Partition partition, PartitionedDisk& out) {
  const std::size_t number = out.partitions.size() + 1;
  if (partition.offset > disk.size() || partition.size > disk.size() - partition.offset || partition.size < 512) {
    return fail("its partition " + std::to_string(number) + " lies outside the disk");
  }
  WINNOW_TRY(const Bytes sector, read_bytes(disk, partition.offset, 512));
  partition.file_system = file_system_of(sector);
  out.partitions.push_back(std::move(partition));
  return {};
}

std::string partition_name(ByteView entry) {
  std::u16string name;
  for (std::size_t i = 0; i < gpt::entry::kNameUnits; ++i) {
    const auto unit = static_cast<char16_t>(field<std::uint16_t>(entry, gpt::entry::kName + 2 * i));
    if (unit == 0) break;
    name += unit;
  }
  return to_utf8(name).value_or("?");
}

Guid guid_at(ByteView bytes, std::size_t offset) {
  Guid guid;
  std::memcpy(guid.bytes.data(), bytes.data() + offset, guid.bytes.size());
  return guid;
}

Result<PartitionedDisk> read_gpt(const VirtualDisk& disk, Bytes header) {
  namespace head = gpt::header;
  const auto size = field<std::uint32_t>(header, head::kHeaderSize);
  const auto checksum = field<std::uint32_t>(header, head::kChecksum);
  if (size < head::kSize || size > header.size()) return fail("its GPT header is damaged");
  ByteWriter(header).put_le32_at(head::kChecksum, 0);
  if (crc32_of(ByteView(header).first(size)) != checksum) return fail("the checksum of its GPT header is wrong");
  const auto count = field<std::uint32_t>(header, head::kEntryCount);
  const auto entry_size = field<std::uint32_t>(header, head::kEntrySize);
  const auto lba = field<std::uint64_t>(header, head::kEntriesLba);
  if (count > kMaxPartitionEntries || entry_size < gpt::entry::kSize || entry_size > 4096 || lba > disk.size() / 512) {
    return fail("its GPT header is damaged");
  }
  WINNOW_TRY(const Bytes entries, read_bytes(disk, lba * 512, ByteCount{count} * entry_size));
  if (crc32_of(entries) != field<std::uint32_t>(header, head::kEntriesChecksum)) {
    return fail("the checksum of its GPT entries is wrong");
  }
  PartitionedDisk out{PartitionScheme::gpt, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const ByteView entry = ByteView(entries).subspan(i * entry_size, entry_size);
    const Guid type = guid_at(entry, gpt::entry::kTypeGuid);
    if (type == Guid{}) continue;
    const auto first = field<std::uint64_t>(entry, gpt::entry::kFirstLba);
    const auto last = field<std::uint64_t>(entry, gpt::entry::kLastLba);
    if (last < first || last >= disk.size() / 512) {
      return fail("its partition " + std::to_string(out.partitions.size() + 1) + " lies outside the disk");
    }
    WINNOW_CHECK(add_partition(
        disk, {first * 512, (last - first + 1) * 512, to_string(type), partition_name(entry), false, ""}, out));
  }
  return out;
}

std::string hex_byte(std::uint8_t value) { return to_hex(std::array{value}); }

Result<PartitionedDisk> read_mbr(const VirtualDisk& disk, ByteView sector) {
  PartitionedDisk out{PartitionScheme::mbr, {}};
  for (std::size_t i = 0; i < mbr::kEntryCount; ++i) {
    const std::size_t at = mbr::kEntries + i * mbr::entry::kSize;
    const auto type = field<std::uint8_t>(sector, at + mbr::entry::kType);
    if (type == 0) continue;
    const ByteCount first = field<std::uint32_t>(sector, at + mbr::entry::kFirstLba);
    const ByteCount count = field<std::uint32_t>(sector, at + mbr::entry::kSectors);
    const bool is_active = field<std::uint8_t>(sector, at + mbr::entry::kStatus) == mbr::entry::kActive;
    WINNOW_CHECK(add_partition(disk, {first * 512, count * 512, hex_byte(type), "", is_active, ""}, out));
  }
  return out;
}

}  // namespace

std::optional<std::size_t> windows_partition(const PartitionedDisk& disk) {
  const std::vector<Partition>& all = disk.partitions;
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].file_system == "NTFS" && (!best || all[i].size > all[*best].size)) best = i;
  }
  return best;
}

Result<PartitionedDisk> read_partitions(const VirtualDisk& disk) {
  if (disk.size() < 1024) return fail("it is too small for a disk");
  WINNOW_TRY(const Bytes sector, read_bytes(disk, 0, 512));
  WINNOW_TRY(Bytes header, read_bytes(disk, 512, 512));
  if (has_text(header, 0, gpt::header::kSignature)) return read_gpt(disk, std::move(header));
  if (const std::string file_system = file_system_of(sector); !file_system.empty()) {
    return PartitionedDisk{PartitionScheme::none, {{0, disk.size(), "", "", false, file_system}}};
  }
  if (!is_boot_sector(sector)) return fail("it has neither a partition table nor a volume that is known");
  return read_mbr(disk, sector);
}

}  // namespace winnow
