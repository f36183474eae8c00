// Where the bytes of a WIM file are that belong to no file of its first image: by libwim's own list of resources, and
// the file's header.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

struct WimSpace {
  ByteCount header = 0;
  ByteCount metadata = 0;  // folders, names and attributes of all images
  ByteCount blob_table = 0;
  ByteCount xml = 0;
  ByteCount integrity = 0;  // 0: there is no such table
  ByteCount contents = 0;   // every blob once, as stored; of this the files of the first image have their share
  std::size_t images = 0;
};

// Error "cannot read image <file>: <reason>".
[[nodiscard]] Result<WimSpace> measure_wim(const std::filesystem::path& file);

}  // namespace winnow
