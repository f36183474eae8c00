// ImagePlan -> the tar of a Windows base layer, to the letter of windows-formats.md 1.2 and 1.3:
//
//   Files/                      the container's C:\, in the tree's own order (parents before children)
//   Files/Windows/System32/config/SOFTWARE …   the hives, at their place in that order
//   two zero blocks
//
// Directory names carry no final '/'. Every entry states attributes, security descriptor and all four times.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "image/container/byte_sink.hpp"
#include "image/hive/registry_hives.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

// Reads each file's content as it comes by and checks it against the plan's digest.
[[nodiscard]] Result<void> write_layer(const ImagePlan& plan, const std::vector<HiveFile>& hives, ByteSink& sink);
// Bytes of file content in the layer: what a progress bar counts towards.
[[nodiscard]] ByteCount measure_content(const ImagePlan& plan, const std::vector<HiveFile>& hives);

}  // namespace winnow
