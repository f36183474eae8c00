// The hbins of a hive under construction: cells are laid one after the other, none is ever freed or moved, so the same
// sequence of requests gives the same bytes.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

class HiveBuffer {
 public:
  explicit HiveBuffer(std::uint64_t time) : time_(time) {}

  // A zeroed cell in use for `size` bytes of content; its offset from the first hbin. Error when the hive would grow
  // too large.
  [[nodiscard]] Result<std::uint32_t> allocate(std::size_t size);
  // Precondition of all three: `cell` came from allocate() and the field lies inside its content.
  void put_bytes(std::uint32_t cell, std::size_t field, ByteView value);
  void put_le16(std::uint32_t cell, std::size_t field, std::uint16_t value);
  void put_le32(std::uint32_t cell, std::size_t field, std::uint32_t value);

  // Base block and hbins. `file_name` is UTF-16LE; its tail is stored.
  [[nodiscard]] Bytes finish(std::uint32_t root, std::uint32_t minor_version, ByteView file_name) &&;

 private:
  void close_bin();
  void open_bin(std::size_t size);

  std::uint64_t time_;
  Bytes bins_;               // up to the first byte not yet in a cell
  std::size_t bin_end_ = 0;  // of the open hbin
};

}  // namespace winnow
