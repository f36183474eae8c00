// One attribute of an MFT record: its header, resident or not, and its run list.
#pragma once

#include <optional>

#include "image/disk/check/ntfs_record.hpp"

namespace winnow::check {

// `bytes`: the attribute, as long as its header says (at least 24). Nothing when its parts lie outside it.
[[nodiscard]] std::optional<Attribute> parse_attribute(ByteView bytes, const Geometry& geometry,
                                                       const RecordReport& report);

}  // namespace winnow::check
