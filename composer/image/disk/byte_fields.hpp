// Numbers, GUIDs and texts at fixed offsets of a structure that is filled in place. Precondition of all: they fit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "image/disk/disk_identity.hpp"

namespace winnow {

template <class T>
void put_le(std::span<std::uint8_t> out, std::size_t offset, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out[offset + i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
}

template <class T>
void put_be(std::span<std::uint8_t> out, std::size_t offset, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out[offset + sizeof(T) - 1 - i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
}

inline void put_bytes(std::span<std::uint8_t> out, std::size_t offset, ByteView bytes) {
  std::copy(bytes.begin(), bytes.end(), out.begin() + static_cast<std::ptrdiff_t>(offset));
}

inline void put_text(std::span<std::uint8_t> out, std::size_t offset, std::string_view text) {
  put_bytes(out, offset, as_bytes(text));
}

inline void put_guid(std::span<std::uint8_t> out, std::size_t offset, const Guid& guid) {
  put_bytes(out, offset, guid.bytes);
}

// UTF-16LE without a terminator.
inline void put_units(std::span<std::uint8_t> out, std::size_t offset, std::u16string_view units) {
  for (std::size_t i = 0; i < units.size(); ++i) put_le<std::uint16_t>(out, offset + 2 * i, units[i]);
}

}  // namespace winnow
