// Registry values as Windows stores them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/component_manifest.hpp"

namespace winnow {

[[nodiscard]] ComponentRegistryValue registry_text(std::string name, std::string_view text,
                                                   RegistryType type = RegistryType::sz);
[[nodiscard]] ComponentRegistryValue registry_dword(std::string name, std::uint32_t value);
[[nodiscard]] ComponentRegistryValue registry_multi_text(std::string name, const std::vector<std::string>& texts);
[[nodiscard]] ComponentRegistryValue registry_binary(std::string name, Bytes data);

// What a component wants in the registry, in the form of keys; and what of it has no such form, by its name among
// ComponentManifest::ignored_elements.
struct EffectKeys {
  std::vector<ComponentRegistryKey> keys = {};
  std::vector<std::string> unapplied = {};
};

}  // namespace winnow
