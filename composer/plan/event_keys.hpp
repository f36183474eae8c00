// Event providers and firewall rules of a component as registry keys (servicing.md 4.9).
#pragma once

#include "plan/registry_values.hpp"

namespace winnow {

// WINEVT\Publishers\{guid} with its channels, WINEVT\Channels\<name> of those it owns. Forms: Microsoft's guide to
// registering a provider without AddEventProvider. Own channels are numbered from 16 in the order of the manifest.
[[nodiscard]] EffectKeys event_keys(const std::vector<EventPublisher>& publishers);

// SharedAccess\Parameters\FirewallPolicy\FirewallRules: one text a rule, fields in the order in which a real SYSTEM
// hive has them. A rule without InternalName, and fields nobody knows, are unapplied.
[[nodiscard]] EffectKeys firewall_keys(const std::vector<ManifestAttributes>& rules);

}  // namespace winnow
