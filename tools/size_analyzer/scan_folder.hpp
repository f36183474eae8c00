// Folders as images: a plain one, and a feed's.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

enum class FolderKind { layout, feed, plain };
// A feed has an index.xml; a container image unpacked has an oci-layout, an index.json or docker's manifest.json.
[[nodiscard]] FolderKind kind_of_folder(const std::filesystem::path& folder);

// Every file below it; stored is its length. Errors are those of scan_folder() (image_reader/folder_tree.hpp).
[[nodiscard]] Result<void> scan_plain_folder(const std::filesystem::path& folder, ScannedImage& image);
// The full userland a feed brings: each file where its index says it lands. Stored is the payload, which lies there
// once however often it lands; manifests and the index are overheads. Error "cannot measure <folder>: <reason>".
[[nodiscard]] Result<void> scan_feed(const std::filesystem::path& folder, ScannedImage& image);

}  // namespace winnow
