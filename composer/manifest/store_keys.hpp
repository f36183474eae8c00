// Names that a component store and its registry hives use besides key forms (servicing.md 5 and 8). All but the first
// rest on one or two public excerpts of real hives each.
#pragma once

#include <string>
#include <string_view>

#include "manifest/assembly_identity.hpp"

namespace winnow {

// "Name, Culture=neutral, Version=…, PublicKeyToken=…, ProcessorArchitecture=…, versionScope=NonSxS": an identity as
// COMPONENTS holds it.
[[nodiscard]] std::string store_identity_text(const AssemblyIdentity& identity);
// COMPONENTS\CanonicalData\Deployments\<key>: "name_token_version_hash", the name cut to 24 characters.
[[nodiscard]] std::string deployment_key(const AssemblyIdentity& deployment);
// Name of the value f!… of a component's key: the file's own, or 25 characters of it and its hash.
[[nodiscard]] std::string store_file_value(std::string_view file);
// What follows p!, s! and i! in a deployment's key: who pinned, staged and installed it.
[[nodiscard]] std::string store_owner_value(std::string_view package_id, std::string_view update);

}  // namespace winnow
