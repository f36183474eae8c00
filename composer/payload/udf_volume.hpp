// The UDF side of a disc image, through libudfread, which no other file includes.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "payload/content.hpp"
#include "payload/payload_source.hpp"

namespace winnow {

// The files of the volume, in no order; contents are read from `disc` when they are asked for. Errors as read_disc().
[[nodiscard]] Result<std::vector<PayloadEntry>> read_udf_volume(const Content& disc, const std::string& name);

}  // namespace winnow
