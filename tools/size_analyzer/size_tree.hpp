// The rows of a size report: every stored byte of an image in exactly one place.
#pragma once

#include <vector>

#include "image_reader/image_reader.hpp"
#include "size_analyzer/ownership.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

[[nodiscard]] SizeRow build_size_tree(const ImageInfo& info, const Ownership& ownership);

// `total` in shares proportional to `weights`, which add up to it to the byte: each gets its floor, and what is left
// goes one byte each to those that lost most (ties: the first). All-zero weights leave everything with the last.
[[nodiscard]] std::vector<ByteCount> split(ByteCount total, const std::vector<ByteCount>& weights);

}  // namespace winnow
