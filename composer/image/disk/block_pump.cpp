#include "image/disk/block_pump.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

#include "base/interrupt.hpp"

namespace winnow {

namespace {

constexpr ByteCount kPage = 4096;
constexpr ByteCount kHolePiece = 64u << 10;     // zeros of this size, aligned, become holes
constexpr ByteCount kLeastToCopy = 256u << 10;  // below, the system calls cost more than they spare

// Page-aligned, with a page in front for the container's prefix.
class BlockBuffer {
 public:
  explicit BlockBuffer(std::size_t size)
      : size_(size), memory_(static_cast<std::uint8_t*>(::operator new (kPage + size, std::align_val_t{kPage}))) {}
  ~BlockBuffer() { ::operator delete (memory_, std::align_val_t{kPage}); }
  BlockBuffer(const BlockBuffer&) = delete;
  BlockBuffer& operator=(const BlockBuffer&) = delete;

  [[nodiscard]] std::span<std::uint8_t> data() { return {memory_ + kPage, size_}; }
  [[nodiscard]] ByteView with_prefix(ByteView prefix, std::size_t length) {
    std::copy(prefix.begin(), prefix.end(), memory_ + kPage - prefix.size());
    return {memory_ + kPage - prefix.size(), prefix.size() + length};
  }

 private:
  std::size_t size_;
  std::uint8_t* memory_;
};

struct Block {
  std::size_t turn = 0;  // 0, 1, 2, … in the order of the disk
  ByteCount number = 0;
  std::size_t first_segment = 0;  // the first that reaches into it or beyond
};

// A part of a block that one segment gives.
struct Piece {
  const Segment* segment;
  ByteCount begin, end;  // of the disk
};

class BlockPump {
 public:
  BlockPump(const DiskLayout& layout, DiskContainer& container, OutputFile& file, Progress& progress)
      : layout_(layout),
        container_(container),
        file_(file),
        progress_(progress),
        block_size_(container.block_size()),
        every_block_(container.is_flat() && !file.starts_empty()) {}

  Result<ByteCount> run(unsigned threads) {
    ByteCount total = 0;
    for (const Segment& segment : layout_.segments) total += segment.length;
    progress_.begin_step("write disk", total);
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([this] { work(); });
    work();
    others.clear();
    if (first_error_) return fail(std::move(*first_error_));
    return data_size_.load();
  }

 private:
  void work() {
    BlockBuffer buffer(block_size_);
    while (const std::optional<Block> block = next_block()) {
      auto done = write_block(*block, buffer);
      if (!done) note_failure(*block, std::move(done).error());
      end_turn(*block);
    }
  }

  // The next block that any segment reaches into; nothing after the last one or a failure.
  std::optional<Block> next_block() {
    const std::scoped_lock lock(mutex_);
    if (first_error_) return std::nullopt;
    const auto& segments = layout_.segments;
    while (segment_ < segments.size() && end_of(segments[segment_]) <= next_number_ * block_size_) ++segment_;
    if (!every_block_) {
      if (segment_ == segments.size()) return std::nullopt;
      next_number_ = std::max(next_number_, segments[segment_].offset / block_size_);
    }
    if (next_number_ * block_size_ >= layout_.size) return std::nullopt;
    return Block{next_turn_++, next_number_++, segment_};
  }

  static ByteCount end_of(const Segment& segment) { return segment.offset + segment.length; }

  Result<void> write_block(const Block& block, BlockBuffer& buffer) {
    if (interrupted()) return fail("cannot write the disk: interrupted");
    const ByteCount begin = block.number * block_size_;
    const ByteCount end = std::min(begin + block_size_, layout_.size);
    std::vector<Piece> pieces;
    for (std::size_t i = block.first_segment; i < layout_.segments.size(); ++i) {
      const Segment& segment = layout_.segments[i];
      if (segment.offset >= end) break;
      const Piece piece{&segment, std::max(begin, segment.offset), std::min(end, end_of(segment))};
      if (piece.begin < piece.end) pieces.push_back(piece);
    }
    WINNOW_CHECK(container_.is_flat() ? write_flat(pieces, begin, end, buffer)
                                      : write_placed(block, pieces, begin, buffer));
    ByteCount size = 0;
    for (const Piece& piece : pieces) size += piece.end - piece.begin;
    progress_.advance(done_ += size);
    return {};
  }

  // Fills the buffer, which stands for the disk from `begin` on, from `from` to `to`.
  static Result<void> fill(const std::vector<Piece>& pieces, ByteCount begin, ByteCount from, ByteCount to,
                           BlockBuffer& buffer) {
    const auto zero = [&](ByteCount first, ByteCount last) {
      std::memset(buffer.data().data() + (first - begin), 0, last - first);
    };
    ByteCount at = from;
    for (const Piece& piece : pieces) {
      const ByteCount first = std::max(piece.begin, from);
      const ByteCount last = std::min(piece.end, to);
      if (first >= last) continue;
      zero(at, first);
      WINNOW_CHECK(piece.segment->source->read(first - piece.segment->offset,
                                               buffer.data().subspan(first - begin, last - first)));
      at = last;
    }
    zero(at, to);
    return {};
  }

  // A container that knows absent blocks: what is all zero gets no place.
  Result<void> write_placed(const Block& block, const std::vector<Piece>& pieces, ByteCount begin,
                            BlockBuffer& buffer) {
    WINNOW_CHECK(fill(pieces, begin, begin, begin + block_size_, buffer));
    const bool is_absent = is_all_zero(buffer.data());
    if (!await_turn(block)) return {};
    const ByteCount place = is_absent ? 0 : container_.place(block.number);
    end_turn(block);
    if (is_absent) return {};
    data_size_ += block_size_;
    return file_.write_at(place, buffer.with_prefix(container_.block_prefix(), block_size_));
  }

  // Byte n of the disk is byte n of the file. What the kernel can copy it copies; the stretches between go through the
  // buffer.
  Result<void> write_flat(const std::vector<Piece>& pieces, ByteCount begin, ByteCount end, BlockBuffer& buffer) {
    ByteCount at = begin;
    for (const Piece& piece : pieces) {
      if (piece.end - piece.begin < kLeastToCopy || !file_.starts_empty()) continue;
      const auto range =
          piece.segment->source->file_range(piece.begin - piece.segment->offset, piece.end - piece.begin);
      if (!range) continue;
      WINNOW_TRY(const ByteCount copied, copy(*range, piece.begin));
      if (copied == 0) continue;
      WINNOW_CHECK(write_stretch(pieces, begin, at, piece.begin, buffer));
      at = piece.begin + copied;
    }
    return write_stretch(pieces, begin, at, end, buffer);
  }

  // Has the kernel copy the range to `offset`, without its holes; returns how far it came.
  Result<ByteCount> copy(const FileRange& range, ByteCount offset) {
    ByteCount at = 0;
    while (at < range.length) {
      const off_t data = ::lseek(range.descriptor, static_cast<off_t>(range.offset + at), SEEK_DATA);
      if (data < 0 && errno != ENXIO) return at;
      const ByteCount skip = data < 0 ? range.length : static_cast<ByteCount>(data) - range.offset;
      if (skip >= range.length) return whole_or_less(range, at);
      const off_t hole = ::lseek(range.descriptor, data, SEEK_HOLE);
      if (hole < 0) return at;
      const ByteCount size = std::min(range.length, static_cast<ByteCount>(hole) - range.offset) - skip;
      WINNOW_TRY(const ByteCount copied,
                 file_.copy_range_at(range.descriptor, range.offset + skip, size, offset + skip));
      data_size_ += copied;
      if (copied < size) return copied == 0 ? at : skip + copied;
      at = skip + size;
    }
    return at;
  }

  // The range ends in a hole; or the file has become shorter, and then reading it must say so.
  static ByteCount whole_or_less(const FileRange& range, ByteCount at) {
    return ::lseek(range.descriptor, 0, SEEK_END) >= static_cast<off_t>(range.offset + range.length) ? range.length
                                                                                                     : at;
  }

  // Writes the disk from `from` to `to` through the buffer, but no holes that the file has already.
  Result<void> write_stretch(const std::vector<Piece>& pieces, ByteCount begin, ByteCount from, ByteCount to,
                             BlockBuffer& buffer) {
    if (file_.starts_empty()) {  // only what segments cover
      const auto covered = [&](const Piece& piece) { return piece.begin < to && piece.end > from; };
      const auto first = std::find_if(pieces.begin(), pieces.end(), covered);
      if (first == pieces.end()) return {};
      const auto last = std::find_if(pieces.rbegin(), pieces.rend(), covered);
      from = std::max(from, first->begin);
      to = std::min(to, last->end);
    }
    if (from >= to) return {};
    WINNOW_CHECK(fill(pieces, begin, from, to, buffer));
    const ByteView bytes = buffer.data().subspan(from - begin, to - from);
    WINNOW_TRY(const ByteCount written, write_sparse(file_, from, bytes));
    data_size_ += written;
    return {};
  }

  // False when an earlier block failed, so that the turn may never come.
  bool await_turn(const Block& block) {
    std::unique_lock lock(mutex_);
    turn_changed_.wait(lock, [&] { return turn_ == block.turn || first_error_; });
    return !first_error_;
  }

  void end_turn(const Block& block) {
    const std::scoped_lock lock(mutex_);
    turn_ = std::max(turn_, block.turn + 1);
    turn_changed_.notify_all();
  }

  void note_failure(const Block& block, Error error) {
    const std::scoped_lock lock(mutex_);
    if (first_error_ && failed_turn_ < block.turn) return;
    first_error_ = std::move(error);
    failed_turn_ = block.turn;
    turn_changed_.notify_all();
  }

  const DiskLayout& layout_;
  DiskContainer& container_;
  OutputFile& file_;
  Progress& progress_;
  const ByteCount block_size_;
  const bool every_block_;  // a device keeps its old bytes wherever nothing is written
  std::atomic<ByteCount> done_ = 0;
  std::atomic<ByteCount> data_size_ = 0;

  std::mutex mutex_;  // guards all below
  std::condition_variable turn_changed_;
  std::size_t turn_ = 0;  // of the block that may take its place now
  std::size_t next_turn_ = 0;
  ByteCount next_number_ = 0;
  std::size_t segment_ = 0;
  std::optional<Error> first_error_;
  std::size_t failed_turn_ = 0;
};

}  // namespace

bool is_all_zero(ByteView bytes) {
  // Compared with itself, a byte further: the C library's memcmp is the fastest loop there is.
  return bytes.empty() || (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

Result<ByteCount> write_sparse(OutputFile& file, ByteCount offset, ByteView bytes) {
  ByteCount written = 0;
  std::size_t begin = 0;  // of the stretch to write
  const auto write_until = [&](std::size_t end) {
    written += end - begin;
    return file.write_at(offset + begin, bytes.subspan(begin, end - begin));
  };
  for (std::size_t at = 0; at < bytes.size() && file.starts_empty();) {
    const std::size_t piece = std::min<std::size_t>(kHolePiece - (offset + at) % kHolePiece, bytes.size() - at);
    if (is_all_zero(bytes.subspan(at, piece))) {
      WINNOW_CHECK(write_until(at));
      begin = at + piece;
    }
    at += piece;
  }
  WINNOW_CHECK(write_until(bytes.size()));
  return written;
}

Result<ByteCount> pump_blocks(const DiskLayout& layout, DiskContainer& container, OutputFile& file, unsigned threads,
                              Progress& progress) {
  return BlockPump(layout, container, file, progress).run(threads);
}

}  // namespace winnow
