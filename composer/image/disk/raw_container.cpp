// The disk and nothing else.
#include "image/disk/disk_container.hpp"

namespace winnow {

namespace {

class RawContainer final : public DiskContainer {
 public:
  explicit RawContainer(ByteCount disk_size) : disk_size_(disk_size) {}
  [[nodiscard]] ByteCount block_size() const override { return kFlatBlockSize; }
  [[nodiscard]] bool is_flat() const override { return true; }
  [[nodiscard]] ByteCount place(ByteCount block) override { return block * kFlatBlockSize; }
  [[nodiscard]] Result<ByteCount> finish(OutputFile& file) override {
    WINNOW_CHECK(file.resize(disk_size_));
    return disk_size_;
  }

 private:
  ByteCount disk_size_;
};

}  // namespace

NewContainer raw_container(ByteCount disk_size) {
  if (disk_size > ByteCount{INT64_MAX}) return fail("no file holds a disk of " + std::to_string(disk_size) + " bytes");
  return std::make_unique<RawContainer>(disk_size);
}

}  // namespace winnow
