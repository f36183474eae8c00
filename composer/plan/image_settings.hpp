// The registry values every image has whatever is in it: what Windows expects to find of its own version and boot
// state.
#pragma once

#include <vector>

#include "manifest/component_manifest.hpp"

namespace winnow {

// Select, ProductOptions, Session Manager\Environment, Windows NT\CurrentVersion for `os_version` (10.0.BUILD.UBR).
// The environment only fills gaps (keep_existing): a component of the feed may bring its own.
[[nodiscard]] std::vector<ComponentRegistryKey> image_registry_keys(const Version& os_version,
                                                                    const std::string& architecture);

}  // namespace winnow
