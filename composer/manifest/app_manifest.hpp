// The app manifest: what a user writes (schema: manifests/app-manifest.xsd, words: manifests/README.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "base/windows_path.hpp"
#include "manifest/assembly_identity.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/machine_settings.hpp"

namespace winnow {

// Which needs of a binary pull components in.
//   imports: static imports only; app: those, and the app's own soft needs (delay imports, DLL names in strings);
//   all: soft needs of every chosen module too.
enum class NeedsPolicy { imports, app, all };

// Files the app brings.
struct AppPayload {
  std::filesystem::path source;   // a folder, or a .zip .tar .tar.gz .tgz .nupkg file; absolute, or as resolved below
  std::optional<Digest> digest;   // of the archive file; required for archives, absent for folders
  std::string strip;              // prefix inside the archive to drop: "package/"; "" keeps all
  std::vector<std::string> only;  // glob patterns (after strip, '/' separators); empty = everything
  WindowsPath destination;        // folder in the image
  Place place;
};

struct AppEntryPoint {
  WindowsPath program;
  std::vector<std::string> arguments;
  WindowsPath working_directory;
  Place place;
};

// A role, feature or component asked for by name, or an exclusion.
struct NamedRequest {
  std::string name;
  Place place;
};

// Only this version of a component.
struct AppPin {
  std::string name;
  Version version;
  Place place;
};

// How to choose where several components would do. Words as in the manifest.
struct AppChoosing {
  std::string minimize = "allocated";  // allocated logical stored-alone
  std::string recommended = "off";     // off if-free on
  std::uint64_t prefer_threshold = 0;  // bytes that leaving a declared default must save
};

struct AppRegistryKey {
  ComponentRegistryKey key;
  Place place;
};
struct AppService {
  ComponentService service;
  Place place;
};

struct ImageSettings {
  Version os_version;  // os.version of the image; default 10.0.20348.0
  std::string tag;     // "name:version" unless given
  std::string architecture = "amd64";
  std::string user = "ContainerUser";
};

struct AppManifest {
  std::string name;
  std::string version;
  std::string description;
  std::vector<std::filesystem::path> feeds;
  std::filesystem::path base;  // an existing image, all of whose packages come in; empty = none
  std::vector<AppPayload> payloads;
  std::optional<AppEntryPoint> entry_point;
  std::map<std::string, std::string> environment;
  std::vector<NamedRequest> roles;       // package identifiers: "service-control"
  std::vector<NamedRequest> features;    // <update> names that are selectable
  std::vector<NamedRequest> components;  // by component name
  std::vector<NamedRequest> exclusions;  // component name, or a module's file name: never in this image
  std::vector<AppPin> pins;
  AppChoosing choosing;
  std::vector<std::string> languages;
  std::vector<AppRegistryKey> registry_keys;
  std::vector<AppService> services;
  NeedsPolicy needs = NeedsPolicy::app;
  ImageSettings image;
  MachineSettings machine;
  std::vector<std::filesystem::path> inputs;  // this file and every included one, in reading order
};

// Reads `path` and what it includes. Relative paths inside are taken from the folder of the file that names them.
// Collects every fault: unknown elements and attributes (with the nearest known name), missing ones, bad values,
// include cycles, files that do not exist are left to the payload step.
[[nodiscard]] Result<AppManifest> load_app_manifest(const std::filesystem::path& path);

[[nodiscard]] std::optional<NeedsPolicy> parse_needs_policy(std::string_view text);
[[nodiscard]] std::string_view to_string(NeedsPolicy policy);

}  // namespace winnow
