#include "size_analyzer/hive_space.hpp"

#include <algorithm>
#include <optional>

#include "formats/regf.hpp"

namespace winnow {

namespace {

// The free bytes of one bin; nothing when a cell of it makes no sense.
std::optional<ByteCount> free_bytes(ByteView bin) {
  ByteCount free = 0;
  std::uint64_t at = regf::kBinHeaderSize;
  while (at < bin.size()) {
    const auto raw = read_le<std::uint32_t>(bin, at);
    if (!raw) return std::nullopt;
    const auto size = static_cast<std::int32_t>(*raw);
    const std::uint64_t length =
        size < 0 ? static_cast<std::uint64_t>(-static_cast<std::int64_t>(size)) : static_cast<std::uint64_t>(size);
    if (length < regf::kCellAlignment || length % regf::kCellAlignment != 0 || length > bin.size() - at) {
      return std::nullopt;
    }
    if (size > 0) free += length;
    at += length;
  }
  return free;
}

}  // namespace

bool looks_like_hive(ByteView bytes) {
  return bytes.size() >= regf::kBaseBlockSize && as_text(bytes).starts_with(regf::base::kSignature);
}

HiveSpace measure_hive(ByteView bytes) {
  HiveSpace space;
  const std::uint64_t stated = *read_le<std::uint32_t>(bytes, regf::base::kBinsSize);
  const std::uint64_t end = std::min<std::uint64_t>(bytes.size(), regf::kBaseBlockSize + stated);
  space.behind_bins = bytes.size() - end;
  std::uint64_t at = regf::kBaseBlockSize;
  while (at < end) {
    const auto header = slice(bytes, at, regf::kBinHeaderSize);
    const std::uint64_t size = header ? *read_le<std::uint32_t>(*header, regf::bin::kSize) : 0;
    const bool is_bin = header && as_text(*header).starts_with(regf::bin::kSignature) && size >= regf::kBinAlignment &&
                        size % regf::kBinAlignment == 0 && size <= end - at;
    const auto free = is_bin ? free_bytes(*slice(bytes, at, size)) : std::nullopt;
    if (!free) {
      space.fault = "the bin at byte " + std::to_string(at) + " of the hive makes no sense";
      break;
    }
    space.free_cells += *free;
    at += size;
  }
  return space;
}

}  // namespace winnow
