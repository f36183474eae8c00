// libwim's compressors over chunks, on all cores; the result does not depend on how many there are.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/wim/wim_writer.hpp"

namespace winnow {

class WimCompressor {
 public:
  // `format` is not none. Error "cannot compress: …" when libwim has no such compressor.
  [[nodiscard]] static Result<WimCompressor> create(WimCompression format, std::size_t chunk_size, int level);
  ~WimCompressor();
  WimCompressor(WimCompressor&&) noexcept;
  WimCompressor& operator=(WimCompressor&&) = delete;

  // Each of `chunks`, none larger than the chunk size, compressed; empty where that makes it no smaller.
  [[nodiscard]] std::vector<Bytes> compress(std::span<const ByteView> chunks);

 private:
  struct State;
  explicit WimCompressor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow
