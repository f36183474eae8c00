// Bytes and bounds-checked access to them. All multi-byte reads are little-endian unless the name says otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

using ByteCount = std::uint64_t;  // a size in bytes
using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// `count` bytes at `offset`, or nothing when any of them lies outside `bytes`. Never overflows.
[[nodiscard]] inline std::optional<ByteView> slice(ByteView bytes, std::uint64_t offset, std::uint64_t count) {
  if (offset > bytes.size() || count > bytes.size() - offset) return std::nullopt;
  return bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(count));
}

// Little-endian number of sizeof(T) bytes at `offset`, or nothing when it does not fit in `bytes`.
template <class T>
[[nodiscard]] std::optional<T> read_le(ByteView bytes, std::uint64_t offset) {
  const auto field = slice(bytes, offset, sizeof(T));
  if (!field) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) value = value << 8 | (*field)[i];
  return static_cast<T>(value);
}

// Appends fields to a growing buffer; `put_*_at` overwrites bytes already there (precondition: they are there).
class ByteWriter {
 public:
  explicit ByteWriter(Bytes& out) : out_(out) {}

  void u8(std::uint8_t value) { out_.push_back(value); }
  void le16(std::uint16_t value) { put(value, 2); }
  void le32(std::uint32_t value) { put(value, 4); }
  void le64(std::uint64_t value) { put(value, 8); }
  void be16(std::uint16_t value);
  void be32(std::uint32_t value);
  void be64(std::uint64_t value);
  void bytes(ByteView value) { out_.insert(out_.end(), value.begin(), value.end()); }
  void text(std::string_view value) { bytes(as_bytes(value)); }
  void zeros(std::size_t count) { out_.resize(out_.size() + count); }
  // Zeros up to the next multiple of `alignment` (of the buffer's own size).
  void align(std::size_t alignment);
  void put_le16_at(std::size_t offset, std::uint16_t value);
  void put_le32_at(std::size_t offset, std::uint32_t value);
  [[nodiscard]] std::size_t size() const { return out_.size(); }

 private:
  void put(std::uint64_t value, int count);
  Bytes& out_;
};

// Lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string to_hex(ByteView bytes);
// Nothing on an odd length or a character that is no hex digit. Upper and lower case are accepted.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);
// Standard alphabet with padding (RFC 4648 section 4).
[[nodiscard]] std::string to_base64(ByteView bytes);
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

}  // namespace winnow
