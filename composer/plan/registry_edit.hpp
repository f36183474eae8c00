// Values put into a registry that is already planned, or was read back from an image.
#pragma once

#include <string_view>

#include "manifest/component_manifest.hpp"
#include "plan/registry_plan.hpp"

namespace winnow {

// The key at `path` ("ControlSet001\Control\ComputerName") of a hive; nothing when it is not there.
[[nodiscard]] const PlannedKey* find_key(const RegistryPlan& registry, HiveId hive, std::string_view path);
// A value's text without its final NUL; nothing when it is none or no text.
[[nodiscard]] std::optional<std::string> find_text(const PlannedKey& key, std::string_view name);

// Keys on the way are made. A value that is there with the same data stays whose it is.
void put_value(RegistryPlan& registry, HiveId hive, std::string_view path, const ComponentRegistryValue& value,
               OwnerId owner);

}  // namespace winnow
