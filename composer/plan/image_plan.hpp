// STEP 4: the image as data. Up to here nothing was decided by reading a payload byte that the feed's digests do not
// already pin, and everything can be printed, compared and locked; after it nothing is decided: writers only turn it
// into bytes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "manifest/assembly_identity.hpp"
#include "plan/file_tree.hpp"
#include "plan/first_boot.hpp"
#include "plan/registry_plan.hpp"
#include "plan/unapplied_elements.hpp"

namespace winnow {

// What a container runtime is told (windows-formats.md 2.1).
struct ContainerSettings {
  std::vector<std::string> command;  // program and arguments, backslashes: "C:\app\node.exe", "C:\app\server.js"
  std::string working_directory;     // "C:\app", "" = none
  std::string user;                  // "ContainerUser"
  std::vector<std::pair<std::string, std::string>> environment;  // sorted by name
};

struct ImagePlan {
  std::string name;  // of the app: "node-hello"
  std::string version;
  std::string manifest_digest;        // of the app manifest and what it includes, "sha256:…"
  std::vector<std::string> requests;  // what was asked for, a line each, sorted: "role shell-ui", "needs app"
  std::vector<std::string> omitted;   // components that were left out although something needs them
  std::string tag;                    // "node-hello:1.0"
  Version os_version;                 // 10.0.BUILD.UBR
  std::string architecture;           // OCI's word: amd64, arm64, 386
  std::string servicing;              // of an image with Windows' own packages: "serviceable", "minimal"; else ""
  std::int64_t created = 0;           // SOURCE_DATE_EPOCH or 0
  FileTree tree;                      // everything but the hives, which are written from `registry`
  RegistryPlan registry;
  ContainerSettings container;
  std::vector<Owner> owners;                 // [0] is winnow itself
  std::vector<Bytes> security_descriptors;   // self-relative; kDirectorySecurity, kFileSecurity, others
  std::vector<PlannedWork> first_boot = {};  // in the order of owners
  UnappliedElements unapplied = {};          // what components ask for and the plan has not
};

}  // namespace winnow
