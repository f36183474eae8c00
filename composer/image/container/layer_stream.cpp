// Layer blobs as streams of tar bytes: gzip through zlib, zstd through libzstd.

#define ZLIB_CONST  // input is only read
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include "image/container/byte_source.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kZstdMagic = 0xFD2FB528;
constexpr std::uint16_t kGzipMagic = 0x8B1F;
// What no honest layer does: files of zeros shrink so far, but not by the gigabyte.
constexpr ByteCount kFreeSize = 64u << 20;
constexpr ByteCount kMaxRatio = 200;
constexpr int kZstdMaxWindowLog = 27;  // 128 MiB, what zstd itself allows without being asked

tl::unexpected<Error> failure(const std::string& reason) { return fail("cannot unpack layer: " + reason); }

// Counts what comes out of a blob of `stored` bytes.
class SizeGuard {
 public:
  explicit SizeGuard(ByteCount stored) : limit_(std::max(kFreeSize, stored * kMaxRatio)) {}
  Result<std::size_t> pass(std::size_t count) {
    unpacked_ += count;
    if (unpacked_ <= limit_) return count;
    return failure("it unpacks to more than " + std::to_string(limit_) + " bytes");
  }

 private:
  ByteCount limit_;
  ByteCount unpacked_ = 0;
};

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(ByteView blob) : rest_(blob), guard_(blob.size()) {
    constexpr int kGzipOnly = 15 + 16;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    constexpr std::size_t kMostAtOnce = std::numeric_limits<uInt>::max();
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(std::min(out.size(), kMostAtOnce));
    const uInt wanted = stream_.avail_out;
    while (stream_.avail_out > 0 && !is_done_) {
      WINNOW_CHECK(inflate_more(std::min(rest_.size(), kMostAtOnce)));
    }
    return guard_.pass(wanted - stream_.avail_out);
  }

 private:
  Result<void> inflate_more(std::size_t count) {
    stream_.next_in = rest_.data();
    stream_.avail_in = static_cast<uInt>(count);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    rest_ = rest_.subspan(count - stream_.avail_in);
    if (code == Z_BUF_ERROR) return failure("its gzip stream is cut off");
    if (code != Z_OK && code != Z_STREAM_END) {
      return failure(std::string("gzip: ") + (stream_.msg != nullptr ? stream_.msg : "damaged"));
    }
    if (code != Z_STREAM_END) return {};
    is_done_ = rest_.empty();
    if (!is_done_ && read_le<std::uint16_t>(rest_, 0) != kGzipMagic) return failure("bytes follow its gzip stream");
    inflateReset(&stream_);  // another member follows, as RFC 1952 allows
    return {};
  }

  ByteView rest_;
  SizeGuard guard_;
  z_stream stream_{};
  bool is_done_ = false;
};

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(ByteView blob)
      : input_{blob.data(), blob.size(), 0}, guard_(blob.size()), context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kZstdMaxWindowLog);
  }

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (output.pos < output.size && !(is_frame_done_ && input_.pos == input_.size)) {
      const std::size_t before = input_.pos + output.pos;
      const std::size_t left = ZSTD_decompressStream(context_.get(), &output, &input_);
      if (ZSTD_isError(left) != 0) return failure(std::string("zstd: ") + ZSTD_getErrorName(left));
      is_frame_done_ = left == 0;
      if (input_.pos + output.pos == before && !is_frame_done_) return failure("its zstd stream is cut off");
    }
    return guard_.pass(output.pos);
  }

 private:
  ZSTD_inBuffer input_;
  SizeGuard guard_;
  std::unique_ptr<ZSTD_DCtx, FreeContext> context_;
  bool is_frame_done_ = false;
};

}  // namespace

bool is_compressed(ByteView blob) {
  return read_le<std::uint16_t>(blob, 0) == kGzipMagic || read_le<std::uint32_t>(blob, 0) == kZstdMagic;
}

Result<std::unique_ptr<ByteSource>> open_layer_stream(ByteView blob) {
  if (read_le<std::uint16_t>(blob, 0) == kGzipMagic) return std::make_unique<GzipSource>(blob);
  if (read_le<std::uint32_t>(blob, 0) == kZstdMagic) return std::make_unique<ZstdSource>(blob);
  return std::make_unique<MemorySource>(blob);
}

}  // namespace winnow
