// The rows of a size report: every stored byte of an image in exactly one place.
#pragma once

#include <vector>

#include "image_reader/image_reader.hpp"
#include "size_analyzer/ownership.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

[[nodiscard]] SizeRow build_size_tree(const ImageInfo& info, const Ownership& ownership);

}  // namespace winnow
