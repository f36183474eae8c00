// One file's elements, read into the app manifest over what the files it includes have put there (manifests/README.md,
// `include`).
#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "manifest/app_manifest.hpp"
#include "manifest/xml_document.hpp"

namespace winnow {

// `root` is the file's <app>, `folder` what its relative paths start from. Elements that are unknown or out of place
// are passed over: check_app_manifest_shape reports them.
void merge_app_file(const XmlElement& root, const std::filesystem::path& folder, AppManifest& manifest,
                    Diagnostics& faults);

}  // namespace winnow
