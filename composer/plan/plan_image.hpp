// STEP 4: Solution + app files -> ImagePlan. Decides every path, attribute, descriptor, registry value and owner;
// collects every conflict before it gives up.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "manifest/app_manifest.hpp"
#include "payload/content.hpp"
#include "plan/image_plan.hpp"
#include "plan/machine_plan.hpp"
#include "resolve/request.hpp"
#include "resolve/solution.hpp"

namespace winnow {

// A file of the app, placed.
struct AppFile {
  WindowsPath path;
  Content content;
  Digest digest;
  Place place;  // the <files> element that brings it
};

struct PlanInput {
  const AppManifest& app;
  const Catalog& catalog;
  const Solution& solution;
  const std::vector<AppFile>& files;
  const Request& request;
  bool serviceable = false;     // with what servicing keeps of the request's Windows packages
  std::string manifest_digest;  // for the image's provenance
  std::int64_t epoch = 0;       // time of every file and key, seconds since 1970
  MachineInputs machine = {};   // what the settings of app.machine name
};

// Errors: two owners of one path (both named), names that differ only in case, a file where a directory must be, two
// owners of one registry value, an entry point that no file is, a place reserved for a hive.
[[nodiscard]] Result<ImagePlan> plan_image(const PlanInput& input);

}  // namespace winnow
