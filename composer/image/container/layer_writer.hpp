// ImagePlan -> the tar of a Windows base layer, to the letter of windows-formats.md 1.2 and 1.3:
//
//   Files/                      the container's C:\, its entries in their order (parents before children)
//   two zero blocks
//
// Directory names carry no final '/'. Every entry states attributes, security descriptor and all four times.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "image/container/byte_sink.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

// `entries`: those of image_entries(). Reads each file's content as it comes by and checks it against its digest.
[[nodiscard]] Result<void> write_layer(const ImagePlan& plan, const std::vector<TreeEntry>& entries, ByteSink& sink);

}  // namespace winnow
