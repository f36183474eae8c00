// gzip in parallel, one member. Each chunk is deflated on its own, with the 32 KiB before it as dictionary, and ends at
// a byte boundary (a sync flush: an empty stored block), so the pieces laid end to end are one deflate stream:
//
//   10 bytes of header | deflate(chunk 0) | deflate(chunk 1) | … | 03 00, an empty last block | CRC-32 | length mod
//   2^32

#define ZLIB_CONST  // input is only read
#include <zlib.h>

#include <algorithm>
#include <array>
#include <deque>
#include <future>
#include <memory>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "image/container/bounded_queue.hpp"
#include "image/container/compressor.hpp"

namespace winnow {

namespace {

constexpr std::size_t kWindowSize = 32 * 1024;
constexpr std::size_t kFlushSize = 16;  // what a sync flush may add to deflateBound()
// RFC 1952: magic, deflate, no flags, no time, no extra flags, system unknown (255).
constexpr std::array<std::uint8_t, 10> kHeader = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
constexpr std::array<std::uint8_t, 2> kLastBlock = {0x03, 0x00};

struct Piece {
  Bytes deflated;
  std::uint32_t crc = 0;
  std::size_t size = 0;  // of the chunk
};

struct Job {
  Chunk chunk;
  Chunk previous;  // or null: the first chunk has no dictionary
  std::promise<Piece> result;
};

// One deflate state, reused from chunk to chunk.
class Deflater {
 public:
  explicit Deflater(int level) {
    constexpr int kRawWindowBits = -15;
    constexpr int kMemoryLevel = 8;
    if (deflateInit2(&stream_, level, Z_DEFLATED, kRawWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  Piece deflate_chunk(const Bytes& chunk, const Chunk& previous) {
    deflateReset(&stream_);
    if (previous) {
      const std::size_t size = std::min(previous->size(), kWindowSize);
      deflateSetDictionary(&stream_, previous->data() + previous->size() - size, static_cast<uInt>(size));
    }
    Piece piece;
    piece.size = chunk.size();
    piece.crc = static_cast<std::uint32_t>(crc32(0, chunk.data(), static_cast<uInt>(chunk.size())));
    piece.deflated.resize(deflateBound(&stream_, static_cast<uLong>(chunk.size())) + kFlushSize);
    stream_.next_in = chunk.data();
    stream_.avail_in = static_cast<uInt>(chunk.size());
    stream_.next_out = piece.deflated.data();
    stream_.avail_out = static_cast<uInt>(piece.deflated.size());
    // With room for everything deflate() does all of it in one call.
    deflate(&stream_, Z_SYNC_FLUSH);
    piece.deflated.resize(piece.deflated.size() - stream_.avail_out);
    return piece;
  }

 private:
  z_stream stream_{};
};

class GzipCompressor final : public Compressor {
 public:
  GzipCompressor(int level, unsigned threads, ChunkOutput output)
      : output_(std::move(output)), max_in_flight_(threads * 8), jobs_(max_in_flight_) {
    for (unsigned i = 0; i < threads; ++i)
      workers_.emplace_back([this, deflater = std::make_unique<Deflater>(level)] { run(*deflater); });
    output_(std::make_shared<Bytes>(kHeader.begin(), kHeader.end()));
  }
  ~GzipCompressor() override { jobs_.close(); }

  Result<void> add(Chunk chunk) override {
    if (in_flight_.size() >= max_in_flight_) emit_oldest();
    Job job{chunk, std::exchange(previous_, chunk), {}};
    in_flight_.push_back(job.result.get_future());
    jobs_.push(std::move(job));
    return {};
  }

  Result<void> finish() override {
    while (!in_flight_.empty()) emit_oldest();
    Bytes end(kLastBlock.begin(), kLastBlock.end());
    ByteWriter writer(end);
    writer.le32(crc_);
    writer.le32(static_cast<std::uint32_t>(size_));
    output_(std::make_shared<Bytes>(std::move(end)));
    return {};
  }

 private:
  void run(Deflater& deflater) {
    while (auto job = jobs_.pop()) {
      try {
        job->result.set_value(deflater.deflate_chunk(*job->chunk, job->previous));
      } catch (...) {
        job->result.set_exception(std::current_exception());
      }
    }
  }

  void emit_oldest() {
    Piece piece = in_flight_.front().get();
    in_flight_.pop_front();
    crc_ = static_cast<std::uint32_t>(crc32_combine(crc_, piece.crc, static_cast<z_off_t>(piece.size)));
    size_ += piece.size;
    piece.deflated.shrink_to_fit();
    output_(std::make_shared<Bytes>(std::move(piece.deflated)));
  }

  ChunkOutput output_;
  std::size_t max_in_flight_;
  std::deque<std::future<Piece>> in_flight_;  // in stream order
  Chunk previous_;
  std::uint32_t crc_ = 0;
  ByteCount size_ = 0;
  BoundedQueue<Job> jobs_;
  std::vector<std::jthread> workers_;  // last: they are joined before anything they use goes
};

}  // namespace

Result<std::unique_ptr<Compressor>> make_gzip_compressor(int level, unsigned threads, ChunkOutput output) {
  return std::make_unique<GzipCompressor>(level, std::max(threads, 1u), std::move(output));
}

}  // namespace winnow
