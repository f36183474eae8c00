// What the open feed is made from: the Windows side of Debian's libwine package, installed on this machine or as .deb
// files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/assembly_identity.hpp"
#include "payload/content.hpp"

namespace winnow {

struct WineSource {
  std::string version;                     // of the Debian package: "8.0~repack-4"
  std::map<std::string, Content> modules;  // PE files by name, as in x86_64-windows
  std::map<std::string, Content> tables;   // NLS tables by name
  Content setup;                           // wine.inf
};

// From a machine whose files lie below `root` ("/" for this one): the version from dpkg's status file, the rest from
// libwine's folders.
[[nodiscard]] Result<WineSource> load_installed_wine(const std::filesystem::path& root);

// From Debian packages: libwine and what it takes modules from (libz-mingw-w64). Gives what installing them would.
[[nodiscard]] Result<WineSource> load_wine_packages(const std::vector<std::filesystem::path>& packages);

// "8.0~repack-4" -> 8.0.0.4: up to three numbers of the upstream version, zeros for missing ones, then the number that
// the Debian revision begins with; an epoch does not count. Error "cannot use version \"<text>\": …".
[[nodiscard]] Result<Version> feed_version(const std::string& debian_version);

}  // namespace winnow
