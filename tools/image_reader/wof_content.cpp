#include "image_reader/wof_content.hpp"

#include <wimlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

namespace winnow {

namespace {

struct Format {
  wimlib_compression_type type;
  std::uint32_t chunk_size;
};
constexpr std::array kFormats = {
    Format{WIMLIB_COMPRESSION_TYPE_XPRESS, 4096},
    Format{WIMLIB_COMPRESSION_TYPE_LZX, 32768},
    Format{WIMLIB_COMPRESSION_TYPE_XPRESS, 8192},
    Format{WIMLIB_COMPRESSION_TYPE_XPRESS, 16384},
};

struct DecompressorFree {
  void operator()(wimlib_decompressor* decompressor) const { wimlib_free_decompressor(decompressor); }
};

class WofContent final : public ContentSource {
 public:
  WofContent(Content packed, const Format& format, ByteCount size)
      : packed_(std::move(packed)),
        format_(format),
        size_(size),
        chunks_((size + format.chunk_size - 1) / format.chunk_size),
        entry_size_(size > 0xFFFFFFFF ? 8 : 4) {}

  [[nodiscard]] ByteCount table_size() const { return (chunks_ - 1) * entry_size_; }
  [[nodiscard]] ByteCount size() const override { return size_; }

  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    wimlib_decompressor* made = nullptr;
    if (wimlib_create_decompressor(format_.type, format_.chunk_size, &made) != 0) return fail("out of memory");
    const std::unique_ptr<wimlib_decompressor, DecompressorFree> decompressor(made);
    Bytes chunk;
    while (!out.empty()) {
      WINNOW_CHECK(unpack(offset / format_.chunk_size, *made, chunk));
      const auto start = static_cast<std::size_t>(offset % format_.chunk_size);
      const std::size_t count = std::min(out.size(), chunk.size() - start);
      std::copy_n(chunk.begin() + static_cast<std::ptrdiff_t>(start), count, out.begin());
      offset += count;
      out = out.subspan(count);
    }
    return {};
  }

 private:
  // Where chunk `index` begins in the stream.
  [[nodiscard]] Result<ByteCount> chunk_start(ByteCount index) const {
    if (index == 0) return table_size();
    if (index == chunks_) return packed_.size();
    Bytes entry(entry_size_);
    WINNOW_CHECK(packed_.read((index - 1) * entry_size_, entry));
    const ByteCount start = entry_size_ == 4 ? *read_le<std::uint32_t>(entry, 0) : *read_le<std::uint64_t>(entry, 0);
    if (start > packed_.size() - table_size()) return fail("a compressed chunk lies outside its stream");
    return table_size() + start;
  }

  [[nodiscard]] Result<void> unpack(ByteCount index, wimlib_decompressor& decompressor, Bytes& chunk) const {
    WINNOW_TRY(const ByteCount start, chunk_start(index));
    WINNOW_TRY(const ByteCount end, chunk_start(index + 1));
    chunk.resize(static_cast<std::size_t>(std::min<ByteCount>(format_.chunk_size, size_ - index * format_.chunk_size)));
    if (end < start || end - start > chunk.size()) return fail("a compressed chunk has no possible size");
    if (end - start == chunk.size()) return packed_.read(start, chunk);  // stored as it is
    Bytes stored(static_cast<std::size_t>(end - start));
    WINNOW_CHECK(packed_.read(start, stored));
    if (wimlib_decompress(stored.data(), stored.size(), chunk.data(), chunk.size(), &decompressor) != 0) {
      return fail("a compressed chunk does not unpack");
    }
    return {};
  }

  Content packed_;
  Format format_;
  ByteCount size_;
  ByteCount chunks_;
  std::size_t entry_size_;
};

}  // namespace

Result<Content> unpack_wof_content(Content packed, std::uint32_t format, ByteCount size) {
  if (format >= kFormats.size()) return fail("a compressed file has the unknown format " + std::to_string(format));
  if (size == 0) return Content::of_bytes({});
  const ByteCount packed_size = packed.size();
  auto content = std::make_shared<WofContent>(std::move(packed), kFormats.at(format), size);
  if (content->table_size() > packed_size) {
    return fail("a compressed file has no room for its table of chunks");
  }
  return Content::of_source(std::move(content));
}

}  // namespace winnow
