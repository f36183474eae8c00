// Role names of a kind of media, and the packages they stand for (packages/roles/): "compute" instead of
// "Microsoft-NanoServer-Compute-Package", with the rules of when a role may be chosen.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "manifest/assembly_identity.hpp"

namespace winnow {

struct MediaRole {
  std::string name;
  std::string package;  // its name, without version or language
  std::string title;
  std::vector<std::string> needs;  // roles that must be asked for as well
  bool same_version = false;       // and whose packages must have the version of this one's
  std::string deployment;          // "host", "guest"; "" = both
  std::string edition;             // "datacenter", "standard"; "" = both
};

struct RoleMap {
  std::string name;
  std::vector<MediaRole> roles;  // in the order of the file
};

// Errors with their place: unknown elements and attributes, a role twice, a need that is no role.
[[nodiscard]] Result<RoleMap> parse_role_map(std::string_view text, const std::string& file);
[[nodiscard]] Result<RoleMap> load_role_map(const std::filesystem::path& path);

struct RoleChoice {
  std::vector<std::string> roles;  // names, any case
  std::string deployment;          // "host" or "guest": adds the role of that name; "" = not said
  std::string edition;             // "datacenter" or "standard"; "" = not said
};

// The packages of the roles, in the order of the map, each once. Checked before anything is built; all faults at once:
//   cannot add role "shielded-vm": it is for edition datacenter, the image is standard
[[nodiscard]] Result<std::vector<std::string>> packages_of(const RoleMap& map, const RoleChoice& choice);

// The rule that can be checked only when packages are found: roles of the same version.
//   cannot add role "scvmm-compute": its package has version 10.0.14393.1, that of compute 10.0.14393.0
[[nodiscard]] Result<void> check_versions(const RoleMap& map, const std::vector<AssemblyIdentity>& packages);

}  // namespace winnow
