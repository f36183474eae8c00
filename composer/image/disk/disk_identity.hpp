// Everything about a disk that other tools draw at random, drawn from a digest of what is on it instead: the same image
// always has the same GUIDs, signatures and serials.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest.hpp"

namespace winnow {

// As stored on disk (the first three fields little-endian).
struct Guid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Guid&) const = default;
};

// "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
[[nodiscard]] std::string to_string(const Guid& guid);
// Precondition: `text` is 36 characters of that shape (constants of formats/).
[[nodiscard]] Guid parse_guid(std::string_view text);

// A version 4 GUID, or a number that is never 0, for one purpose ("ESP partition") of the disk with digest `seed`.
[[nodiscard]] Guid derive_guid(const Digest& seed, std::string_view purpose);
[[nodiscard]] std::uint32_t derive_u32(const Digest& seed, std::string_view purpose);
[[nodiscard]] std::uint64_t derive_u64(const Digest& seed, std::string_view purpose);

}  // namespace winnow
