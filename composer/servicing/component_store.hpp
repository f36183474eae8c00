// Which files of an image make its component store (servicing.md 8), and those of them that tell of the image itself.
#pragma once

#include <string_view>
#include <vector>

#include "payload/payload_source.hpp"

namespace winnow {

// Paths from C:\ on, '/' between components, in any case.
// Manifests, catalogs, and what lies in the folders of components; what the store keeps besides (FileMaps, Backup,
// Temp …) is not of it.
[[nodiscard]] bool is_store_file(std::string_view path);
[[nodiscard]] bool is_software_hive(std::string_view path);
// wcp.dll of a servicing stack.
[[nodiscard]] bool is_dictionary_file(std::string_view path);

// Is a manifest of a store among them?
[[nodiscard]] bool has_component_store(const std::vector<PayloadEntry>& files);

// Does `path` end in `extension` (".cab"), in any case?
[[nodiscard]] bool has_extension(std::string_view path, std::string_view extension);

}  // namespace winnow
