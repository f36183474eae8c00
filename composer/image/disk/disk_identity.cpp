#include "image/disk/disk_identity.hpp"

#include <algorithm>
#include <cstddef>

namespace winnow {

namespace {

// Position in `Guid::bytes` of each byte as the text shows it.
constexpr std::array<std::size_t, 16> kTextOrder = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

Digest derive(const Digest& seed, std::string_view purpose) {
  Sha256 hash;
  hash.update(seed.bytes);
  hash.update(as_bytes(purpose));
  return hash.finish();
}

}  // namespace

std::string to_string(const Guid& guid) {
  std::array<std::uint8_t, 16> shown{};
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = guid.bytes[kTextOrder[i]];
  std::string text = to_hex(shown);
  for (const std::size_t position : {8u, 13u, 18u, 23u}) text.insert(position, 1, '-');
  return text;
}

Guid parse_guid(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '-');
  const Bytes shown = from_hex(digits).value();
  Guid guid;
  for (std::size_t i = 0; i < guid.bytes.size(); ++i) guid.bytes[kTextOrder[i]] = shown.at(i);
  return guid;
}

Guid derive_guid(const Digest& seed, std::string_view purpose) {
  const Digest digest = derive(seed, purpose);
  Guid guid;
  std::copy_n(digest.bytes.begin(), guid.bytes.size(), guid.bytes.begin());
  guid.bytes[7] = static_cast<std::uint8_t>((guid.bytes[7] & 0x0F) | 0x40);
  guid.bytes[8] = static_cast<std::uint8_t>((guid.bytes[8] & 0x3F) | 0x80);
  return guid;
}

std::uint64_t derive_u64(const Digest& seed, std::string_view purpose) {
  const Digest digest = derive(seed, purpose);
  return std::max<std::uint64_t>(read_le<std::uint64_t>(digest.bytes, 0).value(), 1);
}

std::uint32_t derive_u32(const Digest& seed, std::string_view purpose) {
  return std::max<std::uint32_t>(static_cast<std::uint32_t>(derive_u64(seed, purpose)), 1);
}

}  // namespace winnow
