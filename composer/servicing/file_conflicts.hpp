// Two components of a closure that put different files at one place (servicing.md 6, G). Older members of a family lose
// and write nothing, so only those that are installed can be at odds.
#pragma once

#include <vector>

#include "base/digest.hpp"
#include "base/windows_path.hpp"
#include "servicing/servicing_repository.hpp"

namespace winnow {

struct FileWriter {
  ComponentIndex component = 0;
  Digest digest;  // as its manifest states it
};

struct FileConflict {
  WindowsPath path;                 // on the image
  std::vector<FileWriter> writers;  // two at least, by component; their digests are not all the same
};

// By path. Files whose destination cannot be expanded are left to whoever installs them.
[[nodiscard]] std::vector<FileConflict> find_file_conflicts(const ServicingRepository& repository,
                                                            const std::vector<ComponentIndex>& components);

}  // namespace winnow
