// What a user asks for, before anything is looked up: names that may not exist yet, and the needs of the app's own
// binaries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/windows_path.hpp"
#include "catalog/catalog.hpp"
#include "manifest/app_manifest.hpp"
#include "resolve/goal.hpp"
#include "resolve/package_closure.hpp"

namespace winnow {

// One of the app's own PE files.
struct AppModule {
  WindowsPath path;  // in the image
  BinaryNeeds needs;
  Place place;  // the <files> element that brings it
};

// Only this version of a component, wherever one of that name is chosen.
struct PinnedVersion {
  std::string name;
  std::string version;
  Place place;
};

struct Request {
  std::string app;                        // name, for messages and chains
  std::vector<NamedRequest> roles;        // package identifiers or names
  std::vector<NamedRequest> features;     // selectable updates
  std::vector<NamedRequest> components;   // component names
  std::vector<NamedRequest> exclusions;   // component or module names that must stay out
  std::vector<NamedRequest> omissions;    // component names to leave out even where something needs them
  std::vector<std::string> languages;     // satellites to take for dependencies on resources
  std::vector<AppModule> modules;         // any order; the Solution does not depend on it
  WindowsPath program;                    // the entry point: its folder is where the app's modules look first
  std::optional<PackageClosure> windows;  // what those of the roles and features bring that are Windows' own packages
  std::vector<PackageId> updates;         // of Windows, put over all else
  std::vector<PackageId> installed;       // on the image that is the base, and the features that are on there
  std::vector<std::string> installed_features;
  NeedsPolicy policy = NeedsPolicy::app;
  std::string architecture = "amd64";

  std::vector<PinnedVersion> pins;
  SizeMeasure measure = SizeMeasure::allocated;  // what is made smallest
  RecommendedPolicy recommended = RecommendedPolicy::off;
  std::uint64_t prefer_threshold = 0;  // bytes that leaving a declared default must save
};

}  // namespace winnow
