#include "feed/registry_precedence.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "feed/registry_values.hpp"

namespace winnow {
namespace {

using Settings = std::vector<ComponentRegistryValue*>;  // of one value, in registration order

bool is_contested(const Settings& settings) {
  return std::any_of(settings.begin(), settings.end(), [&](const ComponentRegistryValue* setting) {
    return setting->type != settings.front()->type || setting->data != settings.front()->data;
  });
}

ComponentRegistryValue* last_standing(const Settings& settings) {
  ComponentRegistryValue* standing = settings.front();
  for (ComponentRegistryValue* setting : settings) {
    if (!setting->keep_existing) standing = setting;
  }
  return standing;
}

void settle(const Settings& settings, PrecedenceCounts& counts) {
  const bool appended = std::any_of(settings.begin(), settings.end(), [](const auto* s) { return s->append; });
  if (appended) {
    for (ComponentRegistryValue* setting : settings) setting->append = true;
    return;
  }
  if (!is_contested(settings)) return;
  ++counts.contested_values;
  const ComponentRegistryValue* const winner = last_standing(settings);
  for (ComponentRegistryValue* setting : settings) {
    setting->keep_existing = setting != winner;
    counts.marked += setting != winner ? 1 : 0;
  }
}

}  // namespace

PrecedenceCounts settle_registry(const std::vector<ComponentManifest*>& components) {
  std::map<std::u16string, Settings> values;
  for (ComponentManifest* component : components) {
    for (ComponentRegistryKey& key : component->registry_keys) {
      for (ComponentRegistryValue& value : key.values) values[value_key(key.path, value.name)].push_back(&value);
    }
  }
  PrecedenceCounts counts;
  for (const auto& [key, settings] : values) settle(settings, counts);
  return counts;
}

}  // namespace winnow
