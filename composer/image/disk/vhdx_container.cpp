// VHDX: blocks of 1 MiB in the order of the disk, those of zeros absent. The log is empty.
#include <string>
#include <vector>

#include "formats/vhdx.hpp"
#include "image/disk/byte_fields.hpp"
#include "image/disk/crc32c.hpp"
#include "image/disk/disk_container.hpp"

namespace winnow {

namespace {

constexpr ByteCount kBlockSize = vhdx::kMinBlockSize;
constexpr std::uint32_t kLogicalSector = 512;
constexpr std::uint32_t kPhysicalSector = 4096;
constexpr ByteCount kChunkRatio = vhdx::bat::kChunkSectors * kLogicalSector / kBlockSize;
constexpr ByteCount kLogOffset = vhdx::kMebibyte;
constexpr ByteCount kLogLength = vhdx::kMebibyte;
constexpr ByteCount kMetadataOffset = kLogOffset + kLogLength;
constexpr ByteCount kMetadataLength = vhdx::kMebibyte;
constexpr ByteCount kBatOffset = kMetadataOffset + kMetadataLength;

ByteCount whole_mebibytes(ByteCount size) { return (size + vhdx::kMebibyte - 1) / vhdx::kMebibyte * vhdx::kMebibyte; }

// The index of a payload block's entry: after every chunk stands an entry of a sector bitmap.
ByteCount entry_of(ByteCount block) { return block + block / kChunkRatio; }

Bytes file_identifier() {
  Bytes out(vhdx::kCreatorOffset + 2 * vhdx::kCreatorUnits);
  put_text(out, 0, vhdx::kFileIdentifier);
  put_units(out, vhdx::kCreatorOffset, u"winnow");
  return out;
}

Bytes header(std::uint64_t sequence, const DiskWriterOptions& options) {
  using namespace vhdx::header;
  Bytes out(kSize);
  put_text(out, 0, kSignature);
  put_le<std::uint64_t>(out, kSequence, sequence);
  put_guid(out, kFileWriteGuid, options.file_write_id);
  put_guid(out, kDataWriteGuid, options.data_write_id);
  put_le<std::uint16_t>(out, kVersion, kVersion1);
  put_le<std::uint32_t>(out, vhdx::header::kLogLength, static_cast<std::uint32_t>(winnow::kLogLength));
  put_le<std::uint64_t>(out, vhdx::header::kLogOffset, winnow::kLogOffset);
  put_le<std::uint32_t>(out, kChecksum, crc32c(out));
  return out;
}

Bytes region_table(ByteCount bat_length) {
  using namespace vhdx::region;
  struct Region {
    std::string_view guid;
    ByteCount offset, length;
  };
  const std::vector<Region> regions = {{kBatGuid, kBatOffset, bat_length},
                                       {kMetadataGuid, kMetadataOffset, kMetadataLength}};
  Bytes out(kSize);
  put_text(out, 0, kSignature);
  put_le<std::uint32_t>(out, kCount, static_cast<std::uint32_t>(regions.size()));
  std::size_t at = kEntries;
  for (const Region& region : regions) {
    put_guid(out, at + kEntryGuid, parse_guid(region.guid));
    put_le<std::uint64_t>(out, at + kEntryOffset, region.offset);
    put_le<std::uint32_t>(out, at + kEntryLength, static_cast<std::uint32_t>(region.length));
    put_le<std::uint32_t>(out, at + kEntryRequired, 1);
    at += kEntrySize;
  }
  put_le<std::uint32_t>(out, kChecksum, crc32c(out));
  return out;
}

template <class T>
Bytes number(T value) {
  Bytes out(sizeof(T));
  put_le(out, 0, value);
  return out;
}

// The metadata region up to the end of its last item.
Bytes metadata(ByteCount disk_size, const Guid& disk_id) {
  using namespace vhdx::metadata;
  struct Item {
    std::string_view guid;
    std::uint32_t flags;
    Bytes value;
  };
  const std::vector<Item> items = {
      {kFileParameters, kIsRequired, number(std::uint64_t{kBlockSize})},  // u32 size, u32 no bits
      {kVirtualDiskSize, kIsRequired | kIsVirtualDisk, number(std::uint64_t{disk_size})},
      {kVirtualDiskId, kIsRequired | kIsVirtualDisk, Bytes(disk_id.bytes.begin(), disk_id.bytes.end())},
      {kLogicalSectorSize, kIsRequired | kIsVirtualDisk, number(kLogicalSector)},
      {kPhysicalSectorSize, kIsRequired | kIsVirtualDisk, number(kPhysicalSector)}};
  Bytes out(kFirstItem);
  put_text(out, 0, kSignature);
  put_le<std::uint16_t>(out, kCount, static_cast<std::uint16_t>(items.size()));
  std::size_t at = kEntries;
  for (const Item& item : items) {
    put_guid(out, at + kEntryGuid, parse_guid(item.guid));
    put_le<std::uint32_t>(out, at + kEntryOffset, static_cast<std::uint32_t>(out.size()));
    put_le<std::uint32_t>(out, at + kEntryLength, static_cast<std::uint32_t>(item.value.size()));
    put_le<std::uint32_t>(out, at + kEntryFlags, item.flags);
    at += kEntrySize;
    out.insert(out.end(), item.value.begin(), item.value.end());
  }
  return out;
}

class VhdxContainer final : public DiskContainer {
 public:
  VhdxContainer(ByteCount disk_size, const DiskWriterOptions& options)
      : disk_size_(disk_size), options_(options), bat_(bat_size(disk_size)), end_(kBatOffset + bat_.size()) {}

  [[nodiscard]] ByteCount block_size() const override { return kBlockSize; }
  [[nodiscard]] ByteCount place(ByteCount block) override {
    const ByteCount offset = end_;
    const std::uint64_t place = offset >> 20 << vhdx::bat::kOffsetShift;
    put_le<std::uint64_t>(bat_, entry_of(block) * vhdx::bat::kEntrySize, place | vhdx::bat::kFullyPresent);
    end_ += kBlockSize;
    return offset;
  }
  [[nodiscard]] Result<ByteCount> finish(OutputFile& file) override {
    WINNOW_CHECK(file.resize(end_));
    // All that is before the blocks, its zeros too: a device's old bytes may not stay.
    Bytes start(kMetadataOffset);
    put_bytes(start, 0, file_identifier());
    put_bytes(start, vhdx::header::kOffset1, header(0, options_));
    put_bytes(start, vhdx::header::kOffset2, header(1, options_));
    put_bytes(start, vhdx::region::kOffset1, region_table(bat_.size()));
    put_bytes(start, vhdx::region::kOffset2, region_table(bat_.size()));
    WINNOW_CHECK(write_sparse(file, 0, start));
    Bytes items = metadata(disk_size_, options_.disk_id);
    items.resize(kMetadataLength);
    WINNOW_CHECK(write_sparse(file, kMetadataOffset, items));
    WINNOW_CHECK(write_sparse(file, kBatOffset, bat_));
    return end_;
  }

 private:
  static std::size_t bat_size(ByteCount disk_size) {
    const ByteCount blocks = (disk_size + kBlockSize - 1) / kBlockSize;
    return static_cast<std::size_t>(whole_mebibytes((entry_of(blocks - 1) + 1) * vhdx::bat::kEntrySize));
  }

  ByteCount disk_size_;
  DiskWriterOptions options_;
  Bytes bat_;      // the whole region
  ByteCount end_;  // of what has a place so far
};

}  // namespace

NewContainer vhdx_container(ByteCount disk_size, const DiskWriterOptions& options) {
  if (disk_size == 0 || disk_size % kLogicalSector != 0 || disk_size > vhdx::kMaxDiskSize) {
    return fail("a VHDX holds whole sectors, up to 64 TiB, and this disk has " + std::to_string(disk_size) + " bytes");
  }
  return std::make_unique<VhdxContainer>(disk_size, options);
}

}  // namespace winnow
