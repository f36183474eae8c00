// What a WIM says about its image for people and tools: names, counts, the Windows version.
#pragma once

#include "base/bytes.hpp"
#include "image/wim/wim_writer.hpp"

namespace winnow {

// UTF-16LE with byte order mark. `total_bytes`: of the file before the XML.
[[nodiscard]] Bytes make_wim_xml(const VolumeTree& tree, const WimOptions& options, ByteCount total_bytes);

}  // namespace winnow
