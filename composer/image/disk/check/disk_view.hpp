// The bytes of a virtual disk, or of a part of it, wherever its container keeps them. Reads are bounded; what the
// container does not store reads as zeros.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"

namespace winnow::check {

inline constexpr std::uint64_t kNotStored = ~std::uint64_t{0};

// Are all of them `value`? At the speed of memory.
[[nodiscard]] bool is_filled(ByteView bytes, std::uint8_t value);
[[nodiscard]] inline bool is_zero(ByteView bytes) { return is_filled(bytes, 0); }

class DiskView {
 public:
  // The first `size` bytes of `file`, which must outlive the view. Precondition: it has them.
  DiskView(ByteView file, ByteCount size) : file_(file), size_(size) {}
  // A disk of blocks: block i lies at `places[i]` of the file, kNotStored = zeros. Precondition: there is a place for
  // every block of `size`.
  DiskView(ByteView file, ByteCount size, ByteCount block_size, std::vector<std::uint64_t> places);

  [[nodiscard]] ByteCount size() const { return size_; }
  // Precondition: inside this view.
  [[nodiscard]] DiskView part(ByteCount offset, ByteCount size) const;
  // False when not all of it lies inside the disk and its file.
  [[nodiscard]] bool read(ByteCount offset, std::span<std::uint8_t> out) const;
  [[nodiscard]] std::optional<Bytes> read(ByteCount offset, ByteCount count) const;

 private:
  [[nodiscard]] bool read_piece(ByteCount position, std::span<std::uint8_t> out) const;

  ByteView file_;
  ByteCount start_ = 0;
  ByteCount size_;
  ByteCount block_size_ = 0;  // 0: the disk is the file
  std::shared_ptr<const std::vector<std::uint64_t>> places_;
};

}  // namespace winnow::check
