// The import tables of a PE file, ordinary and delayed.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "binary/pe_file.hpp"
#include "binary/pe_image.hpp"

namespace winnow {

[[nodiscard]] Result<std::vector<ImportedModule>> read_imports(const PeImage& image);
// Data directory 13, in the RVA form and in the old form with virtual addresses.
[[nodiscard]] Result<std::vector<ImportedModule>> read_delay_imports(const PeImage& image);
// Descriptors that winebuild leaves in .data without a directory entry, found by their structure.
[[nodiscard]] Result<std::vector<ImportedModule>> read_hidden_delay_imports(const PeImage& image);

}  // namespace winnow
