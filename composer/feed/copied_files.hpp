// The files that wine.inf copies (its CopyFiles sections): NLS tables, and small files that modules carry as resources.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/inf_file.hpp"
#include "manifest/windows_folders.hpp"

namespace winnow {

struct CopiedFile {
  std::string section;  // "EtcFiles"
  std::string name;
  Destination destination;
  std::string module;    // that carries the file: "ws2_32.dll"; "" = it lies beside wine.inf
  std::string resource;  // name of the WINE_DATA_FILE resource: "#4"
};

// In the order of the lines. Collects every fault.
[[nodiscard]] Result<std::vector<CopiedFile>> read_copied_files(const InfFile& inf,
                                                                const std::vector<std::string>& install_sections);

}  // namespace winnow
