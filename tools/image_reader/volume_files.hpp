// What read_image() says of a disk or WIM file.
#pragma once

#include <utility>
#include <vector>

#include "base/windows_path.hpp"
#include "image_reader/image_reader.hpp"
#include "image_reader/volume_image.hpp"

namespace winnow {

// Fills `files`, `documents`, `stored` and, from its provenance.json, the settings of `info`. Files come in the order
// of their paths, a hard link's first name as the file. Errors are bare reasons, those of the visitor are in
// `visitor_error` too.
[[nodiscard]] Result<void> read_volume_files(const VolumeImage& image, const std::filesystem::path& file,
                                             const FileVisitor& visitor, ImageInfo& info,
                                             std::optional<Error>& visitor_error);

// Tag, time, command and all else of provenance.json that a container's config says too.
void read_settings(const Json& provenance, ImageInfo& info);

// Where each name of a tree lies, in the order of the paths; the root is left out. Error for names that no Windows
// program could open: "its file <path> has a bad name: …".
[[nodiscard]] Result<std::vector<std::pair<WindowsPath, std::uint32_t>>> sorted_paths(const VolumeTree& tree);

}  // namespace winnow
