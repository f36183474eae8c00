// The disk check over hostile bytes, in one call: for the fuzzer and for the replay of its corpus. A whole volume is
// far larger than a fuzzer's input, so an input is a list of edits to a sound volume: u24 offset, u8 count, bytes.
#pragma once

#include <algorithm>
#include <tuple>

#include "image/disk/check/check_disk.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "support/disk_tree.hpp"

namespace winnow::testing {

inline const Bytes& fuzzed_volume() {
  static const Bytes bytes = [] {
    NtfsOptions options;
    options.time = to_filetime(1'577'836'800);
    const auto volume = plan_ntfs_volume(test::make_disk_tree(), options).value();
    Bytes out(static_cast<std::size_t>(volume.layout.size));
    for (const Segment& segment : volume.layout.segments) {
      std::ignore = segment.source->read(0, std::span(out).subspan(segment.offset, segment.length));
    }
    return out;
  }();
  return bytes;
}

// How many faults the volume has after the edits in `input`; input that begins with "RAW" is a disk itself.
inline std::size_t check_edited(ByteView input) {
  constexpr std::size_t kHeader = 4;
  if (as_text(input).starts_with("RAW")) return check_disk_bytes(input.subspan(3)).violations.size();
  Bytes volume = fuzzed_volume();
  while (input.size() >= kHeader) {
    const std::size_t offset = *read_le<std::uint32_t>(input, 0) & 0xFFFFFF;
    const std::size_t count = std::min<std::size_t>(input[3], input.size() - kHeader);
    for (std::size_t i = 0; i < count && offset + i < volume.size(); ++i) volume[offset + i] = input[kHeader + i];
    input = input.subspan(kHeader + count);
  }
  return check_disk_bytes(volume).violations.size();
}

}  // namespace winnow::testing
