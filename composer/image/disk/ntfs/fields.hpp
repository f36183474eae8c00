// Little-endian fields of a buffer of known size, and the update sequence that guards every MFT record and index block.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "formats/ntfs.hpp"

namespace winnow::ntfs {

inline void put16(std::span<std::uint8_t> out, std::size_t at, std::uint16_t value) {
  out[at] = static_cast<std::uint8_t>(value);
  out[at + 1] = static_cast<std::uint8_t>(value >> 8);
}
inline void put32(std::span<std::uint8_t> out, std::size_t at, std::uint32_t value) {
  put16(out, at, static_cast<std::uint16_t>(value));
  put16(out, at + 2, static_cast<std::uint16_t>(value >> 16));
}
inline void put64(std::span<std::uint8_t> out, std::size_t at, std::uint64_t value) {
  put32(out, at, static_cast<std::uint32_t>(value));
  put32(out, at + 4, static_cast<std::uint32_t>(value >> 32));
}
inline void put_text(std::span<std::uint8_t> out, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), out.begin() + static_cast<std::ptrdiff_t>(at));
}
inline void put_units(std::span<std::uint8_t> out, std::size_t at, std::u16string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) put16(out, at + 2 * i, static_cast<std::uint16_t>(text[i]));
}
[[nodiscard]] constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) {
  return (value + unit - 1) / unit * unit;
}
[[nodiscard]] constexpr std::uint64_t clusters_for(std::uint64_t bytes) {
  return (bytes + kClusterSize - 1) / kClusterSize;
}

// The first update sequence number, which is also the last: everything is written once. mkntfs leaves 2 in records.
inline constexpr std::uint16_t kUpdateNumber = 2;

// Sets the structure's update sequence fields (at 4 and 6) and array (at `array`), moves the last word of every sector
// there and puts the number in its place.
inline void apply_update_sequence(std::span<std::uint8_t> out, std::size_t array) {
  const std::size_t sectors = out.size() / kSectorSize;
  put16(out, record::kUpdateOffset, static_cast<std::uint16_t>(array));
  put16(out, record::kUpdateCount, static_cast<std::uint16_t>(sectors + 1));
  put16(out, array, kUpdateNumber);
  for (std::size_t i = 1; i <= sectors; ++i) {
    const std::size_t end = i * kSectorSize - 2;
    out[array + 2 * i] = out[end];
    out[array + 2 * i + 1] = out[end + 1];
    put16(out, end, kUpdateNumber);
  }
}

}  // namespace winnow::ntfs
