#include "payload/delta_bits.hpp"

#include <algorithm>

namespace winnow {

std::optional<DeltaBits> DeltaBits::open(ByteView bytes) {
  DeltaBits bits(bytes);
  const auto padding = bits.read(3);
  if (!padding || bits.end_ - bits.at_ < *padding) return std::nullopt;
  bits.end_ -= *padding;
  return bits;
}

std::optional<std::uint64_t> DeltaBits::read(unsigned count) {
  if (count > end_ - at_) return std::nullopt;
  std::uint64_t value = 0;
  unsigned have = 0;
  while (have < count) {
    const unsigned skip = static_cast<unsigned>(at_ % 8), take = std::min(8 - skip, count - have);
    const std::uint64_t byte = bytes_[static_cast<std::size_t>(at_ / 8)];
    value |= (byte >> skip & ((1u << take) - 1)) << have;
    have += take;
    at_ += take;
  }
  return value;
}

std::optional<unsigned> DeltaBits::read_zeros(unsigned most) {
  for (unsigned zeros = 0; zeros <= most; ++zeros) {
    const auto bit = read(1);
    if (!bit) return std::nullopt;
    if (*bit == 1) return zeros;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> DeltaBits::read_number() {
  const auto zeros = read_zeros(15);
  if (!zeros) return std::nullopt;
  const unsigned bits = (*zeros + 1) * 4, low_bits = std::min(bits, 32u);
  const auto low = read(low_bits);
  const auto high = read(bits - low_bits);
  if (!low || !high) return std::nullopt;
  return *low | *high << low_bits;
}

std::optional<std::uint64_t> DeltaBits::read_large_number() {
  const auto zeros = read_zeros(23);
  if (!zeros) return std::nullopt;
  const auto rest = read(*zeros + 8);
  if (!rest) return std::nullopt;
  return std::uint64_t{1} << (*zeros + 8) | *rest;
}

std::optional<ByteView> DeltaBits::read_buffer() {
  const auto size = read_number();
  if (!size) return std::nullopt;
  const std::uint64_t start = (at_ + 7) / 8;
  const auto buffer = slice(bytes_, start, *size);
  if (!buffer || (start + *size) * 8 > end_ + 7) return std::nullopt;
  at_ = std::min((start + *size) * 8, end_);
  return buffer;
}

std::optional<DeltaPrefixCode> DeltaPrefixCode::of_lengths(std::span<const std::uint8_t> lengths) {
  std::array<std::uint32_t, kLongest + 1> counts{};
  for (const std::uint8_t length : lengths) {
    if (length > kLongest) return std::nullopt;
    ++counts[length];
  }
  DeltaPrefixCode code;
  if (counts[0] == lengths.size()) return code;
  std::uint32_t used = 0;  // codes of this length and prefixes of longer ones
  for (unsigned length = kLongest; length > 0; --length) {
    if (used % 2 != 0) return std::nullopt;
    code.first_[length] = used / 2;
    used = used / 2 + counts[length];
  }
  if (used != 2) return std::nullopt;
  std::uint32_t begin = 0;
  for (unsigned length = 1; length <= kLongest; ++length) {
    code.begin_[length] = begin;
    begin += counts[length];
  }
  code.symbols_.resize(begin);
  auto next = code.begin_;
  for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
    if (lengths[symbol] != 0) code.symbols_[next[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
  }
  return code;
}

std::optional<unsigned> DeltaPrefixCode::read(DeltaBits& bits) const {
  if (symbols_.empty()) return std::nullopt;
  std::uint32_t code = 0;
  for (unsigned length = 1; length <= kLongest; ++length) {
    const auto bit = bits.read(1);
    if (!bit) return std::nullopt;
    code = code << 1 | static_cast<std::uint32_t>(*bit);
    if (code >= first_[length]) return symbols_[begin_[length] + code - first_[length]];
  }
  return std::nullopt;
}

}  // namespace winnow
