// A virtual disk before it has bytes: which stretch comes from where. File-system writers and partition tables give
// one, a disk container (raw, VHD, VHDX) writes it in one pass, several stretches at a time.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// Bytes of a file of the host, for the kernel to copy.
struct FileRange {
  int descriptor = -1;  // open as long as the source lives
  ByteCount offset = 0;
  ByteCount length = 0;
};

// Where the bytes of a segment come from. Called by several threads at once.
class SegmentSource {
 public:
  virtual ~SegmentSource() = default;
  // Fills `out` with the bytes from `offset` of the segment on. Each byte of a segment is asked for once.
  [[nodiscard]] virtual Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const = 0;
  // The host's file range that holds all `length` bytes from `offset` on, when there is one that needs no checking.
  [[nodiscard]] virtual std::optional<FileRange> file_range(ByteCount /*offset*/, ByteCount /*length*/) const {
    return std::nullopt;
  }
};

struct Segment {
  ByteCount offset = 0;  // of the disk or volume
  ByteCount length = 0;
  std::shared_ptr<const SegmentSource> source;
};

struct DiskLayout {
  ByteCount size = 0;             // multiple of 512
  std::vector<Segment> segments;  // by offset, not overlapping, inside `size`; what no segment covers is zero
};

// The segment that holds `bytes` at `offset`.
[[nodiscard]] Segment memory_segment(ByteCount offset, Bytes bytes);
// Appends the segments of `volume` to `disk`, moved by `offset`. Precondition: they come after those already there.
void add_volume(DiskLayout& disk, ByteCount offset, const DiskLayout& volume);

}  // namespace winnow
