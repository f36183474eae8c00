// A DiskLayout as a file, written plainly: piece by piece in the order of the layout, so that tests of a file system do
// not depend on the disk writer. Pieces are of a size that is no multiple of anything, to find sources that only work
// at friendly borders.
#pragma once

#include <fstream>

#include "gtest/gtest.h"
#include "image/disk/disk_layout.hpp"

namespace winnow::test {

inline void write_volume_file(const DiskLayout& layout, const std::filesystem::path& path) {
  constexpr ByteCount kPiece = 1'000'003;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  Bytes buffer;
  for (const Segment& segment : layout.segments) {
    for (ByteCount at = 0; at < segment.length; at += kPiece) {
      buffer.assign(static_cast<std::size_t>(std::min(kPiece, segment.length - at)), 0xA5);
      const auto read = segment.source->read(at, buffer);
      ASSERT_TRUE(read.has_value()) << to_string(read.error());
      file.seekp(static_cast<std::streamoff>(segment.offset + at));
      file.write(reinterpret_cast<const char*>(buffer.data()), static_cast<std::streamsize>(buffer.size()));
    }
  }
  file.close();
  std::filesystem::resize_file(path, layout.size);
}

}  // namespace winnow::test
