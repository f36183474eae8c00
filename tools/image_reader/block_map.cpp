#include "image_reader/block_map.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/file_system.hpp"
#include "formats/vhd.hpp"
#include "formats/vhdx.hpp"
#include "image/disk/disk_identity.hpp"

namespace winnow {

namespace {

constexpr std::uint64_t kMaxBlocks = 1u << 24;        // 2 TiB in blocks of 128 KiB; real disks have fewer
constexpr ByteCount kMaxVhdxTableBytes = 256u << 20;  // a BAT of kMaxBlocks and their sector bitmaps

template <class T>
T read_be(ByteView bytes, std::size_t offset) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = value << 8 | bytes[offset + i];
  return static_cast<T>(value);
}

template <class T>
T field(ByteView bytes, std::size_t offset) {
  return read_le<T>(bytes, offset).value_or(0);
}

bool has_text(ByteView bytes, std::string_view text) { return as_text(bytes).starts_with(text); }

ByteCount rounded_up(ByteCount size, ByteCount unit) { return (size + unit - 1) / unit * unit; }

Guid guid_at(ByteView bytes, std::size_t offset) {
  Guid guid;
  std::memcpy(guid.bytes.data(), bytes.data() + offset, guid.bytes.size());
  return guid;
}

}  // namespace

// Collects the uses of a file's stretches; finish() proves that no two share a byte.
class BlockMapBuilder {
 public:
  BlockMapBuilder(InputFile file, ByteCount file_size, ByteCount disk_size)
      : file_(std::move(file)), disk_size_(disk_size) {
    map_.file_size_ = file_size;
  }

  Result<BlockMap> raw();
  Result<BlockMap> fixed_vhd();
  Result<BlockMap> dynamic_vhd();
  Result<BlockMap> vhdx();

 private:
  struct Use {
    ByteCount offset = 0;
    ByteCount size = 0;
    const char* part = nullptr;  // null: data of the disk
  };
  struct VhdxTables {
    ByteCount bat = 0;
    ByteCount bat_size = 0;
    ByteCount metadata = 0;
    ByteCount metadata_size = 0;
  };
  struct VhdxGeometry {
    std::uint64_t block_size = 0;
    std::uint64_t disk_size = 0;
    std::uint64_t sector_size = 0;
  };

  [[nodiscard]] Result<Bytes> bytes_at(ByteCount offset, ByteCount size, const char* what) const;
  [[nodiscard]] Result<void> check_disk_size(ByteCount said) const;
  Result<void> set_blocks(ByteCount block_size);
  void use(ByteCount offset, ByteCount size, const char* part) { uses_.push_back({offset, size, part}); }
  void use_block(std::uint64_t number, ByteCount offset);
  Result<BlockMap> finish();
  Result<void> use_vhdx_header();
  Result<VhdxTables> vhdx_regions();
  [[nodiscard]] Result<VhdxGeometry> vhdx_geometry(const VhdxTables& tables) const;

  InputFile file_;
  ByteCount disk_size_;
  BlockMap map_;
  std::vector<Use> uses_;
};

Result<Bytes> BlockMapBuilder::bytes_at(ByteCount offset, ByteCount size, const char* what) const {
  if (offset > map_.file_size_ || size > map_.file_size_ - offset) {
    return fail("its " + std::string(what) + " lies outside the file");
  }
  Bytes bytes(static_cast<std::size_t>(size));
  WINNOW_CHECK(file_.read_at(offset, bytes));
  return bytes;
}

Result<void> BlockMapBuilder::check_disk_size(ByteCount said) const {
  if (said == disk_size_) return {};
  return fail("its tables say that the disk has " + std::to_string(said) + " bytes, libvhdi says " +
              std::to_string(disk_size_));
}

Result<void> BlockMapBuilder::set_blocks(ByteCount block_size) {
  const std::uint64_t count = disk_size_ / block_size + (disk_size_ % block_size != 0 ? 1 : 0);
  if (count > kMaxBlocks) return fail("it has more than " + std::to_string(kMaxBlocks) + " blocks");
  map_.block_size_ = block_size;
  map_.blocks_.assign(static_cast<std::size_t>(count), BlockMap::kAbsent);
  return {};
}

void BlockMapBuilder::use_block(std::uint64_t number, ByteCount offset) {
  map_.blocks_[static_cast<std::size_t>(number)] = offset;
  const ByteCount inside = std::min(map_.block_size_, disk_size_ - number * map_.block_size_);
  use(offset, inside, nullptr);
  if (inside < map_.block_size_) use(offset + inside, map_.block_size_ - inside, "end of the last block");
}

Result<BlockMap> BlockMapBuilder::finish() {
  std::sort(uses_.begin(), uses_.end(), [](const Use& a, const Use& b) { return a.offset < b.offset; });
  std::map<std::string, ByteCount> parts;
  ByteCount end = 0;
  for (const Use& each : uses_) {
    if (each.offset < end) return fail("two uses of the file share its byte " + std::to_string(each.offset));
    if (each.size > map_.file_size_ || each.offset > map_.file_size_ - each.size) {
      return fail("its " + std::string(each.part != nullptr ? each.part : "block") + " at " +
                  std::to_string(each.offset) + " goes beyond the end of the file");
    }
    if (each.offset > end) parts["unused room in the file"] += each.offset - end;
    if (each.part != nullptr) parts[each.part] += each.size;
    end = each.offset + each.size;
  }
  if (end < map_.file_size_) parts["unused room in the file"] += map_.file_size_ - end;
  for (auto& [name, size] : parts) map_.parts_.push_back({name, size});
  map_.disk_size_ = disk_size_;
  return std::move(map_);
}

Result<BlockMap> BlockMapBuilder::raw() {
  use(0, disk_size_, nullptr);
  return finish();
}

Result<BlockMap> BlockMapBuilder::fixed_vhd() {
  if (map_.file_size_ < vhd::footer::kSize) return fail("it is too small for a VHD");
  const ByteCount place = map_.file_size_ - vhd::footer::kSize;
  WINNOW_TRY(const Bytes footer, bytes_at(place, vhd::footer::kSize, "footer"));
  if (!has_text(footer, vhd::footer::kCookie)) return fail("its VHD footer is not at the end");
  WINNOW_CHECK(check_disk_size(read_be<std::uint64_t>(footer, vhd::footer::kCurrentSize)));
  use(0, disk_size_, nullptr);
  use(place, vhd::footer::kSize, "VHD footer");
  return finish();
}

Result<BlockMap> BlockMapBuilder::dynamic_vhd() {
  namespace head = vhd::dynamic;
  WINNOW_TRY(const Bytes copy, bytes_at(0, vhd::footer::kSize, "copy of the VHD footer"));
  if (!has_text(copy, vhd::footer::kCookie)) return fail("its copy of the VHD footer is not at the start");
  WINNOW_CHECK(check_disk_size(read_be<std::uint64_t>(copy, vhd::footer::kCurrentSize)));
  use(0, vhd::footer::kSize, "VHD footer and its copy");
  const auto header_at = read_be<std::uint64_t>(copy, vhd::footer::kDataOffset);
  WINNOW_TRY(const Bytes header, bytes_at(header_at, head::kSize, "dynamic disk header"));
  if (!has_text(header, head::kCookie)) return fail("its dynamic disk header is damaged");
  use(header_at, head::kSize, "dynamic disk header");
  const ByteCount block_size = read_be<std::uint32_t>(header, head::kBlockSize);
  if (block_size < vhd::kSectorSize || block_size % vhd::kSectorSize != 0) {
    return fail("its block size is " + std::to_string(block_size));
  }
  WINNOW_CHECK(set_blocks(block_size));
  const auto entries = read_be<std::uint32_t>(header, head::kMaxEntries);
  const std::size_t blocks = map_.blocks_.size();
  if (entries < blocks || entries > kMaxBlocks) return fail("its block allocation table is too small for the disk");
  const auto table_at = read_be<std::uint64_t>(header, head::kTableOffset);
  WINNOW_TRY(const Bytes table, bytes_at(table_at, ByteCount{entries} * 4, "block allocation table"));
  use(table_at, rounded_up(table.size(), vhd::kSectorSize), "block allocation table");
  const ByteCount bitmap = rounded_up(rounded_up(block_size / vhd::kSectorSize, 8) / 8, vhd::kSectorSize);
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto sector = read_be<std::uint32_t>(table, i * 4);
    if (sector == head::kAbsent) continue;
    const ByteCount offset = ByteCount{sector} * vhd::kSectorSize;
    use(offset, bitmap, "sector bitmaps of blocks");
    use_block(i, offset + bitmap);
  }
  const ByteCount end = map_.file_size_ - vhd::footer::kSize;
  WINNOW_TRY(const Bytes footer, bytes_at(end, vhd::footer::kSize, "VHD footer"));
  if (has_text(footer, vhd::footer::kCookie)) use(end, vhd::footer::kSize, "VHD footer and its copy");
  return finish();
}

// The header that counts says where the log is, and whether it holds changes.
Result<void> BlockMapBuilder::use_vhdx_header() {
  namespace head = vhdx::header;
  std::optional<Bytes> best;
  for (const ByteCount offset : {head::kOffset1, head::kOffset2}) {
    WINNOW_TRY(Bytes header, bytes_at(offset, head::kSize, "VHDX header"));
    if (!has_text(header, head::kSignature)) continue;
    const auto sequence = field<std::uint64_t>(header, head::kSequence);
    if (!best || sequence > field<std::uint64_t>(*best, head::kSequence)) best = std::move(header);
  }
  if (!best) return fail("its VHDX headers are damaged");
  if (guid_at(*best, head::kLogGuid) != Guid{}) {
    return fail("its VHDX log holds changes that were never applied; attach it once, or run qemu-img check -r all");
  }
  use(0, vhdx::kMebibyte, "VHDX headers and region tables");
  const auto log = field<std::uint32_t>(*best, head::kLogLength);
  if (log != 0) use(field<std::uint64_t>(*best, head::kLogOffset), log, "VHDX log");
  return {};
}

Result<BlockMapBuilder::VhdxTables> BlockMapBuilder::vhdx_regions() {
  namespace region = vhdx::region;
  WINNOW_TRY(const Bytes table, bytes_at(region::kOffset1, region::kSize, "VHDX region table"));
  const auto count = field<std::uint32_t>(table, region::kCount);
  if (!has_text(table, region::kSignature) || count > region::kMaxEntries) {
    return fail("its VHDX region table is damaged");
  }
  VhdxTables tables;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = region::kEntries + i * region::kEntrySize;
    if (entry + region::kEntrySize > table.size()) return fail("its VHDX region table is damaged");
    const Guid guid = guid_at(table, entry + region::kEntryGuid);
    const auto offset = field<std::uint64_t>(table, entry + region::kEntryOffset);
    const auto length = field<std::uint32_t>(table, entry + region::kEntryLength);
    const bool is_bat = guid == parse_guid(region::kBatGuid);
    const bool is_metadata = guid == parse_guid(region::kMetadataGuid);
    if (is_bat) std::tie(tables.bat, tables.bat_size) = std::pair(offset, ByteCount{length});
    if (is_metadata) std::tie(tables.metadata, tables.metadata_size) = std::pair(offset, ByteCount{length});
    use(offset, length,
        is_bat        ? "block allocation table"
        : is_metadata ? "VHDX metadata"
                      : "VHDX region of another kind");
  }
  if (tables.bat_size == 0 || tables.metadata_size == 0) return fail("its VHDX region table is damaged");
  return tables;
}

Result<BlockMapBuilder::VhdxGeometry> BlockMapBuilder::vhdx_geometry(const VhdxTables& tables) const {
  namespace data = vhdx::metadata;
  WINNOW_TRY(const Bytes table, bytes_at(tables.metadata, data::kTableSize, "VHDX metadata"));
  const auto count = field<std::uint16_t>(table, data::kCount);
  if (!has_text(table, data::kSignature) || count > data::kMaxEntries) return fail("its VHDX metadata is damaged");
  VhdxGeometry geometry;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = data::kEntries + i * data::kEntrySize;
    if (entry + data::kEntrySize > table.size()) return fail("its VHDX metadata is damaged");
    const Guid guid = guid_at(table, entry + data::kEntryGuid);
    const auto offset = field<std::uint32_t>(table, entry + data::kEntryOffset);
    const auto length = field<std::uint32_t>(table, entry + data::kEntryLength);
    if (length > tables.metadata_size || offset > tables.metadata_size - length) {
      return fail("its VHDX metadata is damaged");
    }
    if (length > 8) continue;
    WINNOW_TRY(const Bytes item, bytes_at(tables.metadata + offset, length, "VHDX metadata"));
    if (guid == parse_guid(data::kFileParameters)) geometry.block_size = field<std::uint32_t>(item, 0);
    if (guid == parse_guid(data::kVirtualDiskSize)) geometry.disk_size = field<std::uint64_t>(item, 0);
    if (guid == parse_guid(data::kLogicalSectorSize)) geometry.sector_size = field<std::uint32_t>(item, 0);
  }
  const bool is_sector = geometry.sector_size == 512 || geometry.sector_size == 4096;
  if (!is_sector || geometry.block_size < vhdx::kMinBlockSize || geometry.block_size > vhdx::kMaxBlockSize ||
      (geometry.block_size & (geometry.block_size - 1)) != 0) {
    return fail("its VHDX metadata is damaged");
  }
  return geometry;
}

Result<BlockMap> BlockMapBuilder::vhdx() {
  namespace bat = vhdx::bat;
  WINNOW_CHECK(use_vhdx_header());
  WINNOW_TRY(const VhdxTables tables, vhdx_regions());
  WINNOW_TRY(const VhdxGeometry geometry, vhdx_geometry(tables));
  WINNOW_CHECK(check_disk_size(geometry.disk_size));
  WINNOW_CHECK(set_blocks(geometry.block_size));
  if (tables.bat_size > kMaxVhdxTableBytes) return fail("its block allocation table is larger than that of any disk");
  WINNOW_TRY(const Bytes table, bytes_at(tables.bat, tables.bat_size, "block allocation table"));
  const std::uint64_t chunk = bat::kChunkSectors * geometry.sector_size / geometry.block_size;
  for (std::uint64_t i = 0; i < map_.blocks_.size(); ++i) {
    const auto entry = read_le<std::uint64_t>(table, (i + i / chunk) * bat::kEntrySize);
    if (!entry) return fail("its block allocation table is too small for the disk");
    const std::uint64_t state = *entry & bat::kStateMask;
    if (state == bat::kPartiallyPresent)
      return fail("its block " + std::to_string(i) + " lies partly in a parent disk");
    if (state == bat::kFullyPresent) use_block(i, *entry >> bat::kOffsetShift << bat::kOffsetShift);
  }
  return finish();
}

std::string_view to_string(DiskFileKind kind) {
  switch (kind) {
    case DiskFileKind::raw:
      return "raw";
    case DiskFileKind::vhd_fixed:
      return "fixed VHD";
    case DiskFileKind::vhd_dynamic:
      return "dynamic VHD";
    case DiskFileKind::vhdx:
      return "VHDX";
  }
  return "raw";
}

Result<BlockMap> BlockMap::read(const std::filesystem::path& file, DiskFileKind kind, ByteCount disk_size) {
  WINNOW_TRY(InputFile input, InputFile::open(file));
  WINNOW_TRY(const FileState state, input.state());
  BlockMapBuilder builder(std::move(input), state.size, disk_size);
  switch (kind) {
    case DiskFileKind::raw:
      return builder.raw();
    case DiskFileKind::vhd_fixed:
      return builder.fixed_vhd();
    case DiskFileKind::vhd_dynamic:
      return builder.dynamic_vhd();
    case DiskFileKind::vhdx:
      return builder.vhdx();
  }
  return fail("it is no disk");
}

std::optional<ByteCount> BlockMap::place(ByteCount offset, ByteCount& length) const {
  if (block_size_ == 0) return offset;
  length = std::min(length, block_size_ - offset % block_size_);
  const auto block = static_cast<std::size_t>(offset / block_size_);
  if (block >= blocks_.size() || blocks_[block] == kAbsent) return std::nullopt;
  return blocks_[block] + offset % block_size_;
}

ByteCount BlockMap::stored(ByteCount offset, ByteCount length) const {
  ByteCount total = 0;
  while (length != 0) {
    ByteCount part = length;
    if (place(offset, part)) total += part;
    offset += part;
    length -= part;
  }
  return total;
}

}  // namespace winnow
