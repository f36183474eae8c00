// One resource of a WIM file, read chunk by chunk: libwim says where it lies and unpacks the chunks; it has no call
// that reads a part of a file. Errors are bare reasons.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "payload/content.hpp"

namespace winnow {

struct WimResourcePlace {
  ByteCount offset = 0;
  ByteCount stored = 0;
  ByteCount size = 0;
  bool is_compressed = false;
  bool is_solid = false;  // it says its format and chunk size itself
  int format = 0;         // libwim's number
  std::uint32_t chunk_size = 0;
};

class WimResourceReader {
 public:
  WimResourceReader(Content file, const WimResourcePlace& place) : file_(std::move(file)), place_(place) {}

  // Any thread. What is held of the resource is given up once its end was read.
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out);

 private:
  [[nodiscard]] Result<void> read_file(ByteCount offset, std::span<std::uint8_t> out) const;
  [[nodiscard]] Result<void> load_table();
  [[nodiscard]] Result<void> load_solid_table();
  [[nodiscard]] Result<void> add_chunk(ByteCount start, ByteCount end);
  [[nodiscard]] Result<void> load_chunk(std::size_t index);

  Content file_;
  std::mutex mutex_;  // guards all below
  WimResourcePlace place_;
  std::vector<ByteCount> starts_;  // of the chunks in the file, and where the last one ends; empty: not loaded
  std::size_t loaded_ = ~std::size_t{0};
  Bytes chunk_;  // number loaded_
};

}  // namespace winnow
