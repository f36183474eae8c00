#include "image/disk/disk_layout.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

class MemorySource final : public SegmentSource {
 public:
  explicit MemorySource(Bytes bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    std::copy_n(bytes_.data() + offset, out.size(), out.data());
    return {};
  }

 private:
  Bytes bytes_;
};

}  // namespace

Segment memory_segment(ByteCount offset, Bytes bytes) {
  const ByteCount length = bytes.size();
  return {offset, length, std::make_shared<MemorySource>(std::move(bytes))};
}

void add_volume(DiskLayout& disk, ByteCount offset, const DiskLayout& volume) {
  for (const Segment& segment : volume.segments) {
    disk.segments.push_back({offset + segment.offset, segment.length, segment.source});
  }
}

}  // namespace winnow
