// Collects registry keys from components, the app and the image settings into a RegistryPlan; two owners that want
// different data in one value are a fault that names both.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/component_manifest.hpp"
#include "plan/registry_plan.hpp"

namespace winnow {

// Registry values as Windows stores them.
[[nodiscard]] ComponentRegistryValue registry_text(std::string name, std::string_view text,
                                                   RegistryType type = RegistryType::sz);
[[nodiscard]] ComponentRegistryValue registry_dword(std::string name, std::uint32_t value);
[[nodiscard]] ComponentRegistryValue registry_multi_text(std::string name, const std::vector<std::string>& texts);

class RegistryBuilder {
 public:
  // `owner_name` gives the name of an owner for messages.
  explicit RegistryBuilder(std::function<std::string(OwnerId)> owner_name);

  // `key.path` starts with a root name (servicing.md 4.5: HKLM\SOFTWARE, HKCR, HKCU, HKU\.DEFAULT …; CurrentControlSet
  // is ControlSet001). Values that append or keep what is there are held back until finish(): they join or fill gaps.
  void add(const ComponentRegistryKey& key, OwnerId owner, const Place& place);
  // Services\<name> of a service (servicing.md 4.7).
  void add_service(const ComponentService& service, OwnerId owner, const Place& place);

  // Every fault found on the way, or the plan; the five hives every image has exist even when empty.
  [[nodiscard]] Result<RegistryPlan> finish() &&;

 private:
  struct Held {
    std::string path;
    ComponentRegistryValue value;
    OwnerId owner;
    Place place;
  };
  PlannedKey* key_at(const std::string& path, OwnerId owner, const Place& place);
  void put(PlannedKey& key, const std::string& path, const ComponentRegistryValue& value, OwnerId owner,
           const Place& place);

  std::function<std::string(OwnerId)> owner_name_;
  RegistryPlan plan_;
  std::vector<Held> held_;
  Diagnostics faults_;
};

}  // namespace winnow
