// The defaults of a component's settings as registry keys (servicing.md 4.8): without them csrss does not start.
#pragma once

#include "base/result.hpp"
#include "plan/registry_values.hpp"

namespace winnow {

// One key a setting that has a default and the handler regkey('…'), whether it is dataOnly or not: a real SYSTEM hive
// has the defaults of the workstation service's dataOnly settings. Unapplied: other handlers. Error "cannot plan
// setting …" for a default that has not the form of its type.
[[nodiscard]] Result<EffectKeys> setting_keys(const std::vector<ComponentSetting>& settings);

}  // namespace winnow
