// A service as its registry keys (servicing.md 4.7): Services\<name>, its triggers and its security descriptor.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "plan/registry_values.hpp"

namespace winnow {

// `security`: what service.security_descriptor names, self-relative. Error "cannot plan service …" for a type, start or
// error control nobody knows; triggers and actions whose words are unknown are unapplied.
[[nodiscard]] Result<EffectKeys> service_keys(const ComponentService& service, const std::optional<Bytes>& security);

}  // namespace winnow
