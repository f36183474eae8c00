// A layer's blob as the tar it holds, block by block, with a record of how far into the blob each block ends.
// Errors of this file are bare reasons; read_image() puts "cannot read image <image>: " in front.
#pragma once

#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// Which part of the blob a stretch of the tar came from. Known at the ends of decompressed blocks, linear between them,
// so that shares of neighbouring stretches add up to the share of both.
class StoredPositions {
 public:
  // Precondition: both positions are not smaller than those added last.
  void add(ByteCount tar_position, ByteCount blob_position) { points_.push_back({tar_position, blob_position}); }
  // Blob position that belongs to `tar_position`; positions after the last point give the last point's.
  [[nodiscard]] ByteCount at(ByteCount tar_position) const;

 private:
  struct Point {
    ByteCount tar = 0;
    ByteCount blob = 0;
  };
  std::vector<Point> points_{Point{}};  // sorted; the first is {0, 0}
};

// Unpacks gzip, zstd or nothing, through libarchive.
class LayerStream {
 public:
  [[nodiscard]] static Result<LayerStream> open(ByteView blob);
  ~LayerStream();
  LayerStream(LayerStream&&) noexcept;
  LayerStream& operator=(LayerStream&&) = delete;

  // The next bytes of the tar, valid until the next call; empty at the end.
  [[nodiscard]] Result<ByteView> next();
  [[nodiscard]] ByteCount unpacked() const;  // so far
  // Complete once next() came back empty: then the last point is {unpacked(), blob size}.
  [[nodiscard]] const StoredPositions& positions() const;

 private:
  struct State;
  explicit LayerStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow
