// A stream that is read front to back: bytes in memory, a compressed stream unpacked on the way, a stream hashed as it
// passes.
#pragma once

#include <memory>
#include <span>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"

namespace winnow {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `out`; how much of it, 0 only at the end of the stream.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;
};

class MemorySource final : public ByteSource {
 public:
  // `bytes` must outlive the source.
  explicit MemorySource(ByteView bytes) : rest_(bytes) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override;

 private:
  ByteView rest_;
};

// Passes `source` on and hashes it.
class HashingSource final : public ByteSource {
 public:
  explicit HashingSource(ByteSource& source) : source_(source) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override;
  // Of what was read; called once, at the end of the stream.
  [[nodiscard]] Digest finish() { return hash_.finish(); }

 private:
  ByteSource& source_;
  Sha256 hash_;
};

// `blob` unpacked when it begins like gzip or zstd, as it is otherwise. `blob` must outlive the source. Reading gives
// the error "cannot unpack layer: <reason>" on damage, bytes after the end, and more than 64 MiB at over 200 times the
// blob's size.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> open_layer_stream(ByteView blob);

// Whether `blob` begins like gzip or zstd.
[[nodiscard]] bool is_compressed(ByteView blob);

}  // namespace winnow
