#include "payload/wim_resource.hpp"

#include <wimlib.h>

#include <algorithm>
#include <bit>

namespace winnow {

namespace {

constexpr std::uint32_t kMaxChunkSize = 64u << 20;  // wimlib's own solid resources have that
constexpr std::size_t kSolidHeaderSize = 16;        // u64 size, u32 chunk size, u32 format

constexpr std::size_t kNone = ~std::size_t{0};

struct DecompressorFree {
  void operator()(wimlib_decompressor* decompressor) const { wimlib_free_decompressor(decompressor); }
};

}  // namespace

Result<void> WimResourceReader::read(ByteCount offset, std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  if (offset > place_.size || out.size() > place_.size - offset) return fail("a file lies outside its resource");
  if (!place_.is_compressed && !place_.is_solid) return read_file(place_.offset + offset, out);
  if (starts_.empty()) WINNOW_CHECK(place_.is_solid ? load_solid_table() : load_table());
  while (!out.empty()) {
    const auto index = static_cast<std::size_t>(offset / place_.chunk_size);
    if (index != loaded_) WINNOW_CHECK(load_chunk(index));
    const auto start = static_cast<std::size_t>(offset % place_.chunk_size);
    const std::size_t count = std::min(out.size(), chunk_.size() - start);
    std::copy_n(chunk_.begin() + static_cast<std::ptrdiff_t>(start), count, out.begin());
    offset += count;
    out = out.subspan(count);
  }
  if (offset == place_.size && !place_.is_solid) {
    starts_ = {};
    chunk_ = {};
    loaded_ = kNone;
  }
  return {};
}

Result<void> WimResourceReader::read_file(ByteCount offset, std::span<std::uint8_t> out) const {
  if (offset > file_.size() || out.size() > file_.size() - offset) return fail("the file ends before its contents");
  return file_.read(offset, out);
}

Result<void> WimResourceReader::add_chunk(ByteCount start, ByteCount end) {
  if (start > end || end > place_.offset + place_.stored) return fail("a chunk lies outside its resource");
  if (starts_.empty()) starts_.push_back(start);
  starts_.push_back(end);
  return {};
}

// Where each chunk but the first begins, counted from the table's end.
Result<void> WimResourceReader::load_table() {
  if (!std::has_single_bit(place_.chunk_size) || place_.chunk_size > kMaxChunkSize)
    return fail("its chunk size is wrong");
  const ByteCount count = (place_.size + place_.chunk_size - 1) / place_.chunk_size;
  const std::size_t entry_size = place_.size > 0xFFFFFFFF ? 8 : 4;
  if (count == 0 || (count - 1) > place_.stored / entry_size)
    return fail("a table of chunks lies outside its resource");
  Bytes table(static_cast<std::size_t>(count - 1) * entry_size);
  WINNOW_CHECK(read_file(place_.offset, table));
  const ByteCount base = place_.offset + table.size();
  ByteCount start = base;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const ByteCount next = entry_size == 4 ? read_le<std::uint32_t>(table, i * 4).value_or(0)
                                           : read_le<std::uint64_t>(table, i * 8).value_or(0);
    if (next > place_.stored) return fail("a chunk lies outside its resource");
    WINNOW_CHECK(add_chunk(start, base + next));
    start = base + next;
  }
  return add_chunk(start, place_.offset + place_.stored);
}

// A header, then how long each chunk is.
Result<void> WimResourceReader::load_solid_table() {
  Bytes header(kSolidHeaderSize);
  WINNOW_CHECK(read_file(place_.offset, header));
  place_.chunk_size = read_le<std::uint32_t>(header, 8).value_or(0);
  place_.format = static_cast<int>(read_le<std::uint32_t>(header, 12).value_or(0));
  if (!std::has_single_bit(place_.chunk_size) || place_.chunk_size > kMaxChunkSize)
    return fail("its chunk size is wrong");
  const ByteCount count = (place_.size + place_.chunk_size - 1) / place_.chunk_size;
  if (place_.stored < kSolidHeaderSize || count > (place_.stored - kSolidHeaderSize) / 4) {
    return fail("a table of chunks lies outside its resource");
  }
  Bytes table(static_cast<std::size_t>(count) * 4);
  WINNOW_CHECK(read_file(place_.offset + kSolidHeaderSize, table));
  ByteCount start = place_.offset + kSolidHeaderSize + table.size();
  for (std::size_t i = 0; i < count; ++i) {
    const ByteCount size = read_le<std::uint32_t>(table, i * 4).value_or(0);
    WINNOW_CHECK(add_chunk(start, start + size));
    start += size;
  }
  return {};
}

Result<void> WimResourceReader::load_chunk(std::size_t index) {
  if (index + 1 >= starts_.size()) return fail("a chunk lies outside its resource");
  const auto size = static_cast<std::size_t>(
      std::min<ByteCount>(place_.chunk_size, place_.size - ByteCount{index} * place_.chunk_size));
  const auto stored = static_cast<std::size_t>(starts_[index + 1] - starts_[index]);
  if (stored > size) return fail("a chunk is longer than what it holds");
  loaded_ = kNone;
  chunk_.resize(size);
  if (stored == size) {
    WINNOW_CHECK(read_file(starts_[index], chunk_));
    loaded_ = index;
    return {};
  }
  Bytes packed(stored);
  WINNOW_CHECK(read_file(starts_[index], packed));
  wimlib_decompressor* made = nullptr;
  const auto type = static_cast<wimlib_compression_type>(std::clamp(place_.format, 0, 3));
  if (wimlib_create_decompressor(type, place_.chunk_size, &made) != 0) return fail("its compression is not known");
  const std::unique_ptr<wimlib_decompressor, DecompressorFree> decompressor(made);
  if (wimlib_decompress(packed.data(), packed.size(), chunk_.data(), chunk_.size(), made) != 0) {
    return fail("a chunk cannot be decompressed");
  }
  loaded_ = index;
  return {};
}

}  // namespace winnow
