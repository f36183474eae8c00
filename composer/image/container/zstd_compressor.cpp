// zstd, one frame, through libzstd's own threads. It cuts the input into jobs of a fixed size before any thread sees
// it, so with one worker or more the bytes are the same; only its mode without workers would differ, and is never used.

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "image/container/compressor.hpp"

namespace winnow {

namespace {

constexpr int kJobSize = 4 * 1024 * 1024;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
using Context = std::unique_ptr<ZSTD_CCtx, FreeContext>;

Result<void> check(std::size_t code) {
  if (ZSTD_isError(code) == 0) return {};
  return fail("cannot compress layer: zstd: " + std::string(ZSTD_getErrorName(code)));
}

class ZstdCompressor final : public Compressor {
 public:
  ZstdCompressor(Context context, ChunkOutput output) : context_(std::move(context)), output_(std::move(output)) {}

  Result<void> add(Chunk chunk) override { return compress(*chunk, ZSTD_e_continue); }
  Result<void> finish() override { return compress({}, ZSTD_e_end); }

 private:
  Result<void> compress(ByteView bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    for (;;) {
      Bytes out(ZSTD_CStreamOutSize());
      ZSTD_outBuffer output{out.data(), out.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &output, &input, directive);
      WINNOW_CHECK(check(left));
      if (output.pos > 0) {
        out.resize(output.pos);
        out.shrink_to_fit();
        output_(std::make_shared<Bytes>(std::move(out)));
      }
      const bool is_done = directive == ZSTD_e_end ? left == 0 : input.pos == input.size;
      if (is_done) return {};
    }
  }

  Context context_;
  ChunkOutput output_;
};

}  // namespace

Result<std::unique_ptr<Compressor>> make_zstd_compressor(int level, unsigned threads, ChunkOutput output) {
  Context context(ZSTD_createCCtx());
  if (!context) return fail("cannot compress layer: zstd has no memory");
  ZSTD_CCtx* raw = context.get();
  WINNOW_CHECK(check(ZSTD_CCtx_setParameter(raw, ZSTD_c_compressionLevel, level)));
  WINNOW_CHECK(check(ZSTD_CCtx_setParameter(raw, ZSTD_c_checksumFlag, 1)));
  WINNOW_CHECK(check(ZSTD_CCtx_setParameter(raw, ZSTD_c_nbWorkers, static_cast<int>(std::clamp(threads, 1u, 64u)))));
  WINNOW_CHECK(check(ZSTD_CCtx_setParameter(raw, ZSTD_c_jobSize, kJobSize)));
  return std::make_unique<ZstdCompressor>(std::move(context), std::move(output));
}

}  // namespace winnow
