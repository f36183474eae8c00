// Compresses a stream that comes in chunks. The bytes that come out depend on the chunks, the format and the level
// only, never on the number of threads.
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "image/container/byte_sink.hpp"
#include "image/image_writer.hpp"

namespace winnow {

// All chunks but the last have this size.
inline constexpr std::size_t kChunkSize = 256 * 1024;

// Takes the compressed stream, in order, on the thread that calls the compressor.
using ChunkOutput = std::function<void(Chunk)>;

class Compressor {
 public:
  virtual ~Compressor() = default;
  // May wait until earlier chunks are done.
  [[nodiscard]] virtual Result<void> add(Chunk chunk) = 0;
  // Called once, after the last chunk.
  [[nodiscard]] virtual Result<void> finish() = 0;
};

// `level` 0 is the format's default. Error "cannot compress layer: …" when the format has no such level.
[[nodiscard]] Result<std::unique_ptr<Compressor>> make_compressor(Compression compression, int level, unsigned threads,
                                                                  ChunkOutput output);

// The formats; make_compressor() chooses among them. `level` is one the format has.
[[nodiscard]] Result<std::unique_ptr<Compressor>> make_gzip_compressor(int level, unsigned threads, ChunkOutput output);
[[nodiscard]] Result<std::unique_ptr<Compressor>> make_zstd_compressor(int level, unsigned threads, ChunkOutput output);

// "gzip"
[[nodiscard]] std::string_view to_string(Compression compression);

}  // namespace winnow
