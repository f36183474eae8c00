// The .NET metadata of a PE file as far as resolving needs it: the native modules of its P/Invoke declarations.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "binary/pe_image.hpp"

namespace winnow {

// Names of the ModuleRef table, in table order; empty when the file has no CLR header.
[[nodiscard]] Result<std::vector<std::string>> read_module_refs(const PeImage& image);

}  // namespace winnow
