// Fixed VHD: the disk, then the footer.
#include <string>

#include "formats/vhd.hpp"
#include "image/disk/disk_container.hpp"
#include "image/disk/vhd_footer.hpp"

namespace winnow {

namespace {

class VhdFixedContainer final : public DiskContainer {
 public:
  VhdFixedContainer(ByteCount disk_size, Bytes footer) : disk_size_(disk_size), footer_(std::move(footer)) {}
  [[nodiscard]] ByteCount block_size() const override { return kFlatBlockSize; }
  [[nodiscard]] bool is_flat() const override { return true; }
  [[nodiscard]] ByteCount place(ByteCount block) override { return block * kFlatBlockSize; }
  [[nodiscard]] Result<ByteCount> finish(OutputFile& file) override {
    const ByteCount length = disk_size_ + footer_.size();
    WINNOW_CHECK(file.resize(length));
    WINNOW_CHECK(file.write_at(disk_size_, footer_));
    return length;
  }

 private:
  ByteCount disk_size_;
  Bytes footer_;
};

}  // namespace

NewContainer vhd_fixed_container(ByteCount disk_size, const DiskWriterOptions& options) {
  if (disk_size == 0 || disk_size % vhd::kFixedAlignment != 0 || disk_size > vhd::kMaxDiskSize) {
    return fail("a fixed VHD holds whole MiB, up to 2040 GiB, and this disk has " + std::to_string(disk_size) +
                " bytes");
  }
  return std::make_unique<VhdFixedContainer>(
      disk_size, vhd_footer(disk_size, vhd::footer::kTypeFixed, vhd::footer::kNoOffset, options));
}

}  // namespace winnow
