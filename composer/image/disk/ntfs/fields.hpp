// Sizes in clusters, and the update sequence that guards every MFT record and index block.
#pragma once

#include <cstdint>
#include <span>

#include "base/round_up.hpp"
#include "formats/ntfs.hpp"
#include "image/disk/byte_fields.hpp"

namespace winnow::ntfs {

[[nodiscard]] constexpr std::uint64_t clusters_for(std::uint64_t bytes) {
  return (bytes + kClusterSize - 1) / kClusterSize;
}

// The first update sequence number, which is also the last: everything is written once. mkntfs leaves 2 in records.
inline constexpr std::uint16_t kUpdateNumber = 2;

// Sets the structure's update sequence fields (at 4 and 6) and array (at `array`), moves the last word of every sector
// there and puts the number in its place.
inline void apply_update_sequence(std::span<std::uint8_t> out, std::size_t array) {
  const std::size_t sectors = out.size() / kSectorSize;
  put_le<std::uint16_t>(out, record::kUpdateOffset, static_cast<std::uint16_t>(array));
  put_le<std::uint16_t>(out, record::kUpdateCount, static_cast<std::uint16_t>(sectors + 1));
  put_le<std::uint16_t>(out, array, kUpdateNumber);
  for (std::size_t i = 1; i <= sectors; ++i) {
    const std::size_t end = i * kSectorSize - 2;
    out[array + 2 * i] = out[end];
    out[array + 2 * i + 1] = out[end + 1];
    put_le<std::uint16_t>(out, end, kUpdateNumber);
  }
}

}  // namespace winnow::ntfs
