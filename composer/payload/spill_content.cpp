#include "payload/spill_content.hpp"

#include <utility>

namespace winnow {

namespace {

class SpilledBytes final : public ContentSource {
 public:
  SpilledBytes(std::shared_ptr<const SpillFile> file, ByteCount offset, ByteCount size)
      : file_(std::move(file)), offset_(offset), size_(size) {}
  [[nodiscard]] ByteCount size() const override { return size_; }
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    return file_->read_at(offset_ + offset, out);
  }

 private:
  std::shared_ptr<const SpillFile> file_;
  ByteCount offset_;
  ByteCount size_;
};

}  // namespace

Content spilled_content(std::shared_ptr<const SpillFile> file, ByteCount offset, ByteCount size) {
  return Content::of_source(std::make_shared<SpilledBytes>(std::move(file), offset, size));
}

}  // namespace winnow
