#include "image/wim/wim_compressor.hpp"

#include <wimlib.h>

#include <mutex>
#include <string>
#include <utility>

#include "base/parallel.hpp"

namespace winnow {

namespace {

struct CompressorFree {
  void operator()(wimlib_compressor* compressor) const { wimlib_free_compressor(compressor); }
};
using Compressor = std::unique_ptr<wimlib_compressor, CompressorFree>;

wimlib_compression_type wimlib_type(WimCompression format) {
  switch (format) {
    case WimCompression::none:
      return WIMLIB_COMPRESSION_TYPE_NONE;
    case WimCompression::xpress:
      return WIMLIB_COMPRESSION_TYPE_XPRESS;
    case WimCompression::lzx:
      return WIMLIB_COMPRESSION_TYPE_LZX;
    case WimCompression::lzms:
      return WIMLIB_COMPRESSION_TYPE_LZMS;
  }
  return WIMLIB_COMPRESSION_TYPE_NONE;
}

}  // namespace

struct WimCompressor::State {
  std::mutex mutex;  // guards `idle`
  std::vector<Compressor> idle;

  Compressor take() {
    const std::lock_guard lock(mutex);
    Compressor compressor = std::move(idle.back());
    idle.pop_back();
    return compressor;
  }
  void give_back(Compressor compressor) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(compressor));
  }
};

WimCompressor::WimCompressor(std::unique_ptr<State> state) : state_(std::move(state)) {}
WimCompressor::~WimCompressor() = default;
WimCompressor::WimCompressor(WimCompressor&&) noexcept = default;

Result<WimCompressor> WimCompressor::create(WimCompression format, std::size_t chunk_size, int level) {
  auto state = std::make_unique<State>();
  for (unsigned i = 0; i < core_count(); ++i) {  // parallel_for has no more threads than that
    wimlib_compressor* made = nullptr;
    const int code = wimlib_create_compressor(wimlib_type(format), chunk_size, static_cast<unsigned>(level), &made);
    if (code != 0) {
      return fail("cannot compress: " + std::string(wimlib_get_error_string(static_cast<wimlib_error_code>(code))));
    }
    state->idle.emplace_back(made);
  }
  return WimCompressor(std::move(state));
}

std::vector<Bytes> WimCompressor::compress(std::span<const ByteView> chunks) {
  std::vector<Bytes> out(chunks.size());
  parallel_for(chunks.size(), [&](std::size_t i) {
    Bytes buffer(chunks[i].size() - 1);
    Compressor compressor = state_->take();
    const std::size_t size =
        wimlib_compress(chunks[i].data(), chunks[i].size(), buffer.data(), buffer.size(), compressor.get());
    state_->give_back(std::move(compressor));
    out[i].assign(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
  });
  return out;
}

}  // namespace winnow
