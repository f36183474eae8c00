// The app's own files: payloads opened and checked, every file placed in the image, its digest and its needs known.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/app_manifest.hpp"
#include "plan/plan_image.hpp"
#include "resolve/lock_file.hpp"
#include "resolve/request.hpp"

namespace winnow {

struct AppFiles {
  std::vector<AppFile> files;       // sorted by path, then in payload order (duplicates are the plan's to report)
  std::vector<AppModule> modules;   // those that are PE files
  std::vector<LockedInput> inputs;  // one for each payload
};

// `known_modules`: names worth looking for in the binaries' strings. Collects the faults of all payloads.
[[nodiscard]] Result<AppFiles> load_app_files(const AppManifest& app,
                                              const std::set<std::string, std::less<>>& known_modules);

}  // namespace winnow
