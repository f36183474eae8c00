// Collects registry keys from components, the app and the image settings into a RegistryPlan; two owners that want
// different data in one value are a fault that names both.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/component_manifest.hpp"
#include "plan/registry_plan.hpp"
#include "plan/registry_values.hpp"

namespace winnow {

// How a list of texts is one value.
enum class ListForm {
  multi_text,  // REG_MULTI_SZ
  commas,      // REG_SZ
  semicolons,  // REG_EXPAND_SZ
};
struct ListPlace {
  std::string path;  // of the key, as RegistryBuilder::add() takes it
  std::string value;
  ListForm form = ListForm::multi_text;
};

class RegistryBuilder {
 public:
  // `owner_name` gives the name of an owner for messages.
  explicit RegistryBuilder(std::function<std::string(OwnerId)> owner_name);

  // `key.path` starts with a root name (servicing.md 4.5: HKLM\SOFTWARE, HKCR, HKCU, HKU\.DEFAULT …; CurrentControlSet
  // is ControlSet001). Values that append or keep what is there are held back until finish(): they join or fill gaps.
  void add(const ComponentRegistryKey& key, OwnerId owner, const Place& place);
  // Services\<name> of a service (servicing.md 4.7).
  void add_service(const ComponentService& service, OwnerId owner, const Place& place);

  // The descriptor of a key, as it is stored. Of several for one key the first holds, but one whose component owns the
  // key goes before those of others (servicing.md 4.5 [I]).
  void secure(const std::string& path, const Bytes& descriptor, bool is_owner, OwnerId owner, const Place& place);
  // Adds `entry` to a list where it is not there yet (case is free), after everything else is in place.
  void add_list_entry(const ListPlace& list, const std::string& entry, bool is_first, OwnerId owner,
                      const Place& place);

  // Every fault found on the way, or the plan; the five hives every image has exist even when empty.
  [[nodiscard]] Result<RegistryPlan> finish() &&;

 private:
  struct Held {
    std::string path;
    ComponentRegistryValue value;
    OwnerId owner;
    Place place;
  };
  struct ListEntry {
    ListPlace list;
    std::string text;
    bool is_first;
    OwnerId owner;
    Place place;
  };
  PlannedKey* key_at(const std::string& path, OwnerId owner, const Place& place);
  void put(PlannedKey& key, const std::string& path, const ComponentRegistryValue& value, OwnerId owner,
           const Place& place);

  void apply_list_entry(const ListEntry& entry);

  std::function<std::string(OwnerId)> owner_name_;
  RegistryPlan plan_;
  std::vector<Held> held_;
  std::vector<ListEntry> list_entries_;
  std::map<Bytes, std::uint32_t> descriptors_;  // indexes of plan_.security_descriptors
  std::set<const PlannedKey*> owned_;           // keys whose descriptor their owner has set
  Diagnostics faults_;
};

}  // namespace winnow
