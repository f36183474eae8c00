// What somebody must know of an image whose Windows is to run in memory from a WIM file.
#pragma once

#include <string>
#include <vector>

#include "image/image_writer.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

// Of a disk: that nothing written lasts. Of a WIM file: what a boot configuration has to say. Of both: which of the
// drivers the image lacks with which Windows PE does it. No rule of Microsoft's names these drivers; they are what PE's
// media hold, so that one is missing is no error.
[[nodiscard]] std::vector<std::string> ram_disk_notes(const ImagePlan& plan, const WriteReport& report);

}  // namespace winnow
