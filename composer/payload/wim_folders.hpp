// The folders of one image of a WIM file: what its metadata resource says, unpacked.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"

namespace winnow {

struct WimFolderFile {
  std::string path;    // '/' between components
  Sha1Digest content;  // all zero: it is empty
};

// Every file of the image but reparse points and encrypted ones, in the order of the folders. Errors are bare reasons,
// or of a name "cannot take <entry> from <name>: <reason>".
[[nodiscard]] Result<std::vector<WimFolderFile>> list_wim_folders(ByteView metadata, const std::string& name);

}  // namespace winnow
