// What an image is kept in, as text, tabs between fields:
//   container | wim | raw | fixed VHD | dynamic VHD | VHDX   size=N (of the disk a machine sees)
//   table   gpt
//   partition   1   offset=… size=… type=… name=… file-system=NTFS
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace winnow {

// Error "cannot read image <image>: <reason>".
[[nodiscard]] Result<std::string> print_image_layout(const std::filesystem::path& image);

}  // namespace winnow
