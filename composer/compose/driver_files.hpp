// Drivers that come into an image: INF files, what they name, and who vouches for it. Windows itself adds them to its
// driver store when setup is done (pnputil): what it keeps of a driver there, DriverDatabase and the hash in a folder's
// name, is not known well enough to be written offline (servicing.md 9, step 7).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/machine_settings.hpp"
#include "plan/plan_image.hpp"

namespace winnow {

struct DriverFiles {
  std::vector<AppFile> files;          // below Windows\Setup\Drivers, a folder for each INF file
  std::vector<std::string> inf_paths;  // of the INF files in the image, in their order
  std::vector<std::string> notes;      // who signed each, or that nobody did
};

// `architecture`: amd64, arm64 or x86, which an INF file must be for. Errors, with the INF file and line where there is
// one: no INF file in a folder; not for the architecture; a file it names that is not there; a driver that starts with
// Windows, before setup could add it; unsigned, a catalog without the INF file or whose signature is broken, unless
// `settings.development`.
[[nodiscard]] Result<DriverFiles> load_drivers(const MachineSettings& settings, const std::string& architecture);

}  // namespace winnow
