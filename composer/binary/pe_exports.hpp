// The export table of a PE file.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "binary/pe_file.hpp"
#include "binary/pe_image.hpp"

namespace winnow {

// By ordinal; symbols of one ordinal by name. Unused ordinals are left out.
[[nodiscard]] Result<std::vector<ExportedSymbol>> read_exports(const PeImage& image);

}  // namespace winnow
