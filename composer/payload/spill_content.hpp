// What lies in a temporary file as the content of a file of the image.
#pragma once

#include <memory>

#include "base/spill_file.hpp"
#include "payload/content.hpp"

namespace winnow {

// `size` bytes of `file` from `offset` on. Precondition: they were appended.
[[nodiscard]] Content spilled_content(std::shared_ptr<const SpillFile> file, ByteCount offset, ByteCount size);

}  // namespace winnow
