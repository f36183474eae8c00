// A folder of the host as a file tree for disks and WIM files: what `winnow convert FOLDER` takes.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

// Everything below `folder`, its own entries in the root; nothing is read yet. Names of a folder are in order of their
// upper-cased names, folders come right before what they hold, and inodes are numbered in that order too. Hard links
// inside the folder stay hard links. All four times are the file's last write, attributes and descriptors those of
// plain files and folders. A content whose file is written to before it is read is an error then.
// Errors, the first by path: "cannot take <path>: …" for symbolic links, special files, names that Windows does not
// take and names that differ only in case; "cannot read folder <path>: …".
[[nodiscard]] Result<VolumeTree> scan_folder(const std::filesystem::path& folder);

}  // namespace winnow
