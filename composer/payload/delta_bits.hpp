// The bit streams of PA30 deltas: bits from the low end of each byte, numbers and buffers in their own spelling, and
// canonical prefix codes of which the longest have the smallest values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"

namespace winnow {

// Every read gives nothing at the end of the stream.
class DeltaBits {
 public:
  // The first three bits of a stream say how many of its last ones do not count; nothing when there are fewer.
  [[nodiscard]] static std::optional<DeltaBits> open(ByteView bytes);

  [[nodiscard]] std::optional<std::uint64_t> read(unsigned count);  // at most 57 bits
  // n zero bits, a one, n + 1 nibbles; at most 16 nibbles.
  [[nodiscard]] std::optional<std::uint64_t> read_number();
  // n zero bits, a one, n + 8 bits below a one that is not written: 256 and more, at most 32 bits.
  [[nodiscard]] std::optional<std::uint64_t> read_large_number();
  // A number, zeros to the next byte, as many bytes.
  [[nodiscard]] std::optional<ByteView> read_buffer();

 private:
  explicit DeltaBits(ByteView bytes) : bytes_(bytes), end_(bytes.size() * 8) {}
  [[nodiscard]] std::optional<unsigned> read_zeros(unsigned most);

  ByteView bytes_;
  std::uint64_t at_ = 0;   // in bits
  std::uint64_t end_ = 0;  // in bits
};

class DeltaPrefixCode {
 public:
  static constexpr unsigned kLongest = 16;

  // Lengths by symbol, 0 = never used. Nothing when they make no complete code; all 0 is a code without symbols.
  [[nodiscard]] static std::optional<DeltaPrefixCode> of_lengths(std::span<const std::uint8_t> lengths);
  [[nodiscard]] std::optional<unsigned> read(DeltaBits& bits) const;

 private:
  std::array<std::uint32_t, kLongest + 1> first_{};  // the smallest code of each length
  std::array<std::uint32_t, kLongest + 1> begin_{};  // where its symbols start in symbols_
  std::vector<std::uint16_t> symbols_;               // by length, then by symbol
};

}  // namespace winnow
