// The resource tree of a PE file, and the two resources that winnow reads: version and manifest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "binary/pe_file.hpp"
#include "binary/pe_image.hpp"

namespace winnow {

// In the order of the tables.
[[nodiscard]] Result<std::vector<Resource>> read_resources(const PeImage& image);
// RT_VERSION; nothing when there is none.
[[nodiscard]] Result<std::optional<VersionInfo>> read_version_info(const PeImage& image);
// RT_MANIFEST as UTF-8 without a byte order mark; the one the loader uses when there are several.
[[nodiscard]] Result<std::optional<std::string>> read_embedded_manifest(const PeImage& image);

}  // namespace winnow
