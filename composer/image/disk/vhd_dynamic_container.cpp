// Dynamic VHD: blocks in the order of the disk, those of zeros absent.
#include <string>

#include "formats/vhd.hpp"
#include "image/disk/byte_fields.hpp"
#include "image/disk/disk_container.hpp"
#include "image/disk/vhd_footer.hpp"

namespace winnow {

namespace {

constexpr ByteCount kBlockSize = vhd::dynamic::kDefaultBlockSize;
constexpr ByteCount kHeaderOffset = vhd::footer::kSize;
constexpr ByteCount kTableOffset = kHeaderOffset + vhd::dynamic::kSize;
constexpr std::size_t kEntrySize = 4;

ByteCount whole_sectors(ByteCount size) { return (size + vhd::kSectorSize - 1) / vhd::kSectorSize * vhd::kSectorSize; }

class VhdDynamicContainer final : public DiskContainer {
 public:
  VhdDynamicContainer(ByteCount disk_size, Bytes footer)
      : blocks_((disk_size + kBlockSize - 1) / kBlockSize),
        footer_(std::move(footer)),
        table_(whole_sectors(blocks_ * kEntrySize), 0xFF),
        bitmap_(whole_sectors(kBlockSize / vhd::kSectorSize / 8), 0xFF),
        end_(kTableOffset + table_.size()) {}

  [[nodiscard]] ByteCount block_size() const override { return kBlockSize; }
  [[nodiscard]] ByteView block_prefix() const override { return bitmap_; }
  [[nodiscard]] ByteCount place(ByteCount block) override {
    const ByteCount offset = end_;
    put_be<std::uint32_t>(table_, block * kEntrySize, static_cast<std::uint32_t>(offset / vhd::kSectorSize));
    end_ += bitmap_.size() + kBlockSize;
    return offset;
  }
  [[nodiscard]] Result<ByteCount> finish(OutputFile& file) override {
    const ByteCount length = end_ + footer_.size();
    WINNOW_CHECK(file.resize(length));
    WINNOW_CHECK(file.write_at(0, footer_));
    WINNOW_CHECK(file.write_at(kHeaderOffset, header()));
    WINNOW_CHECK(file.write_at(kTableOffset, table_));
    WINNOW_CHECK(file.write_at(end_, footer_));
    return length;
  }

 private:
  [[nodiscard]] Bytes header() const {
    using namespace vhd::dynamic;
    Bytes out(kSize);
    put_text(out, 0, kCookie);
    put_be<std::uint64_t>(out, kDataOffset, vhd::footer::kNoOffset);
    put_be<std::uint64_t>(out, vhd::dynamic::kTableOffset, winnow::kTableOffset);
    put_be<std::uint32_t>(out, kVersion, kVersion1);
    put_be<std::uint32_t>(out, kMaxEntries, static_cast<std::uint32_t>(blocks_));
    put_be<std::uint32_t>(out, vhd::dynamic::kBlockSize, kDefaultBlockSize);
    put_be<std::uint32_t>(out, kChecksum, vhd_checksum(out));
    return out;
  }

  ByteCount blocks_;
  Bytes footer_;
  Bytes table_;
  Bytes bitmap_;
  ByteCount end_;  // of what has a place so far
};

}  // namespace

NewContainer vhd_dynamic_container(ByteCount disk_size, const DiskWriterOptions& options) {
  if (disk_size == 0 || disk_size > vhd::kMaxDiskSize) {
    return fail("a VHD holds up to 2040 GiB, and this disk has " + std::to_string(disk_size) + " bytes");
  }
  return std::make_unique<VhdDynamicContainer>(
      disk_size, vhd_footer(disk_size, vhd::footer::kTypeDynamic, kHeaderOffset, options));
}

}  // namespace winnow
