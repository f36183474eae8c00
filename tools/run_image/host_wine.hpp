// The Unix side of Wine, which plays the kernel: found on this machine and copied into a tree of our own. Wine finds
// its modules from its own real path, so in that tree it can see nothing of the Wine that is installed.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace winnow {

// The private tree (open-feed.md 1):
//   lib/wine/wine64, lib/wine/wineserver
//   lib/x86_64-linux-gnu/wine/x86_64-unix/*.so       copies
//   lib/x86_64-linux-gnu/wine/x86_64-windows/        what the image has (links, made by the caller)
//   share/wine/nls                                   likewise
struct WineTree {
  std::filesystem::path loader;
  std::filesystem::path server;
  std::filesystem::path modules;  // x86_64-windows
  std::filesystem::path nls;      // does not exist yet
};

// Error "cannot run programs on this machine: <file> is not there", with the Debian packages that bring it.
[[nodiscard]] Result<WineTree> copy_host_wine(const std::filesystem::path& wine_root,
                                              const std::filesystem::path& target);

}  // namespace winnow
