// One image in another format. What a disk or WIM holds beyond a plan (links, streams, four times) is kept where the
// target can hold it.
#pragma once

#include <filesystem>
#include <string>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "image/image_writer.hpp"

namespace winnow {

struct ConvertOptions {
  std::string format;  // "" = by the target's name
  WriteOptions write;
  bool copies_disk = true;  // a disk becomes a disk byte for byte, whatever `write.disk` says but for `fixed`
  std::int64_t epoch = 0;   // time of what has none, seconds since 1970
};

// `source`: an image that read_image() takes, or a folder whose files become the tree.
//   disk -> disk             the virtual disk as it is, in another file format
//   made by winnow -> any    read back as a plan and written as compose would write it: the same bytes
//   anything else -> disk, WIM   its file tree
// Error: "cannot convert <source> into <format>: …".
[[nodiscard]] Result<WriteReport> convert_image(const std::filesystem::path& source,
                                                const std::filesystem::path& target, const ConvertOptions& options,
                                                Progress& progress);

}  // namespace winnow
