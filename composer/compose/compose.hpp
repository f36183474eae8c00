// The whole run, steps 1 to 5. Reading commands stop at the step they show.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "compose/app_files.hpp"
#include "image/image_writer.hpp"
#include "manifest/app_manifest.hpp"
#include "plan/image_plan.hpp"
#include "plan/machine_plan.hpp"
#include "resolve/choice.hpp"
#include "resolve/request.hpp"
#include "resolve/resolve.hpp"
#include "servicing/media_source.hpp"

namespace winnow {

// How feeds that are media with Windows' own packages are read.
struct MediaReading {
  std::filesystem::path dictionary;          // wcp.dll, or the dictionary itself; empty = none
  std::vector<std::filesystem::path> roots;  // certificates that chains of signers must end in
  bool allow_unsigned = false;
  MediaOptions options;  // which image of a WIM, and what reads other people's images
};

// A setting of the machine as a flag said it.
struct MachineFlagText {
  std::string name;  // without "--"
  std::string text;
};

struct ComposeOptions {
  std::filesystem::path manifest;
  std::vector<MachineFlagText> machine;      // in the order of machine_flags(); they win over the manifest
  std::vector<std::string> roles;            // beside the manifest's
  std::filesystem::path role_map;            // names of roles, for manifests that say a deployment or edition
  bool reads_password = false;               // the administrator's: only where an image is written
  std::vector<std::filesystem::path> feeds;  // instead of the manifest's, when not empty
  std::filesystem::path base;                // instead of the manifest's, when not empty
  MediaReading media;
  bool serviceable = false;             // whole packages, with what servicing keeps of them in the image
  std::optional<NeedsPolicy> needs;     // instead of the manifest's
  std::vector<std::string> omissions;   // components to leave out even where something needs them
  std::optional<std::string> minimize;  // these three: instead of the manifest's (AppChoosing)
  std::optional<std::string> recommended;
  std::optional<std::uint64_t> prefer_threshold;
  std::vector<AppPin> pins;       // beside the manifest's; of one name, these hold
  std::filesystem::path lock;     // lock file to write, or to keep to; empty = none
  bool locked = false;            // refuse to deviate from `lock`
  bool update = false;            // change as little of `lock` as possible
  std::set<std::string> release;  // with `update`: names that may change all the same
  bool prove = false;             // a certificate, written beside the lock file as <lock>.proof
  std::filesystem::path cache;    // folder for what later runs can use; empty = none
  std::int64_t epoch = 0;         // SOURCE_DATE_EPOCH
  WriteOptions write;             // how the layers are compressed
};

// Steps 1 to 3: everything looked up, nothing planned yet.
struct Composition {
  AppManifest app;        // its machine as flags have made it
  MachineInputs machine;  // what its machine's settings name
  Catalog catalog;
  AppFiles files;
  Request request;
  Choice choice;
  Resolution resolution;
  std::vector<StepTime> steps;
  std::vector<PlannedWork> first_boot = {};  // these two: after plan_app()
  UnappliedElements unapplied = {};
};

[[nodiscard]] Result<Composition> resolve_app(const ComposeOptions& options, Progress& progress);

// Step 4. Precondition: the resolution is a Solution. Refuses to deviate from the lock file when options say so.
[[nodiscard]] Result<ImagePlan> plan_app(const ComposeOptions& options, Composition& composition);

// Steps 4 and 5. The lock file, when one is to be written, appears after the image.
[[nodiscard]] Result<WriteReport> compose(const ComposeOptions& options, Composition& composition,
                                          const ImageWriter& writer, const std::filesystem::path& output,
                                          Progress& progress);

// The lock text of a composition that has a Solution.
[[nodiscard]] std::string lock_text(const Composition& composition);

// Writes the lock file and, when a certificate was asked for, the certificate beside it.
[[nodiscard]] Result<void> write_lock(const ComposeOptions& options, const Composition& composition);

}  // namespace winnow
