#include "plan/registry_builder.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/utf16.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxKeyDepth = 512;  // Windows' own limit
constexpr std::size_t kMaxNameUnits = 255;

// Where a root name of servicing.md 4.5 lies offline. Longest prefix first; matched as whole components, any case.
struct RootRow {
  std::string_view prefix;
  HiveId hive;
  std::string_view below;  // key inside the hive that stands for the prefix
};
constexpr std::array<RootRow, 10> kRoots = {{
    {"HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet", HiveId::system, "ControlSet001"},
    {"HKEY_LOCAL_MACHINE\\SYSTEM", HiveId::system, ""},
    {"HKEY_LOCAL_MACHINE\\SOFTWARE", HiveId::software, ""},
    {"HKEY_LOCAL_MACHINE\\SAM", HiveId::sam, ""},
    {"HKEY_LOCAL_MACHINE\\COMPONENTS", HiveId::components, ""},
    {"HKEY_LOCAL_MACHINE\\SECURITY", HiveId::security, ""},
    {"HKEY_CLASSES_ROOT", HiveId::software, "Classes"},
    {"HKEY_CURRENT_USER", HiveId::new_user, ""},
    {"HKEY_USERS\\.DEFAULT", HiveId::default_user, ""},
    {"HKEY_USERS\\S-1-5-18", HiveId::default_user, ""},
}};

struct HivePlace {
  HiveId hive;
  std::string path;  // inside the hive, no leading '\'
};

std::optional<HivePlace> locate(const std::string& path) {
  const std::string lower = ascii_lower(path);
  for (const RootRow& root : kRoots) {
    if (!lower.starts_with(ascii_lower(root.prefix))) continue;
    std::string_view rest = std::string_view(path).substr(root.prefix.size());
    if (!rest.empty() && rest.front() != '\\') continue;
    if (!rest.empty()) rest.remove_prefix(1);
    std::string inside(root.below);
    if (!inside.empty() && !rest.empty()) inside += '\\';
    return HivePlace{root.hive, inside + std::string(rest)};
  }
  return std::nullopt;
}

std::vector<std::string_view> split_key(std::string_view path) {
  std::vector<std::string_view> names;
  while (!path.empty()) {
    const std::size_t end = path.find('\\');
    if (end != 0) names.push_back(path.substr(0, end));
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
  }
  return names;
}

Bytes text_data(std::string_view text) {
  // Text comes from XML or from winnow's own tables: both are UTF-8, so this cannot fail.
  return to_utf16le(text, true).value_or(Bytes{0, 0});
}

// REG_MULTI_SZ data as its strings, without the final empty one.
std::vector<Bytes> split_multi(const Bytes& data) {
  std::vector<Bytes> strings;
  Bytes current;
  for (std::size_t i = 0; i + 1 < data.size(); i += 2) {
    if (data[i] != 0 || data[i + 1] != 0) {
      current.insert(current.end(), {data[i], data[i + 1]});
    } else if (!current.empty()) {
      strings.push_back(std::exchange(current, {}));
    }
  }
  if (!current.empty()) strings.push_back(std::move(current));
  return strings;
}

// operationHint="append": what `existing` has, then what `added` brings that is not there yet.
Bytes append_multi(const Bytes& existing, const Bytes& added) {
  std::vector<Bytes> strings = split_multi(existing);
  for (Bytes& text : split_multi(added)) {
    if (std::find(strings.begin(), strings.end(), text) == strings.end()) strings.push_back(std::move(text));
  }
  Bytes data;
  for (const Bytes& text : strings) {
    data.insert(data.end(), text.begin(), text.end());
    data.insert(data.end(), 2, 0);
  }
  data.insert(data.end(), 2, 0);
  return data;
}

template <std::size_t N>
std::optional<std::uint32_t> find_number(const std::array<std::pair<std::string_view, std::uint32_t>, N>& table,
                                         std::string_view name) {
  for (const auto& [text, number] : table) {
    if (ascii_iequals(text, name)) return number;
  }
  return std::nullopt;
}

// winnt.h and winsvc.h, by the words of servicing.md 4.7.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 6> kServiceTypes = {{{"kernelDriver", 0x1},
                                                                                      {"fileSystemDriver", 0x2},
                                                                                      {"win32OwnProcess", 0x10},
                                                                                      {"win32ShareProcess", 0x20},
                                                                                      {"win32UserOwnProcess", 0x50},
                                                                                      {"win32UserShareProcess", 0x60}}};
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 6> kServiceStarts = {
    {{"boot", 0}, {"system", 1}, {"auto", 2}, {"delayedAuto", 2}, {"demand", 3}, {"disabled", 4}}};
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 4> kErrorControls = {
    {{"ignore", 0}, {"normal", 1}, {"severe", 2}, {"critical", 3}}};

}  // namespace

ComponentRegistryValue registry_text(std::string name, std::string_view text, RegistryType type) {
  ComponentRegistryValue value;
  value.name = std::move(name);
  value.type = static_cast<std::uint32_t>(type);
  value.data = text_data(text);
  return value;
}

ComponentRegistryValue registry_dword(std::string name, std::uint32_t number) {
  ComponentRegistryValue value;
  value.name = std::move(name);
  value.type = static_cast<std::uint32_t>(RegistryType::dword);
  ByteWriter(value.data).le32(number);
  return value;
}

ComponentRegistryValue registry_multi_text(std::string name, const std::vector<std::string>& texts) {
  ComponentRegistryValue value;
  value.name = std::move(name);
  value.type = static_cast<std::uint32_t>(RegistryType::multi_sz);
  for (const std::string& text : texts) ByteWriter(value.data).bytes(text_data(text));
  ByteWriter(value.data).le16(0);
  return value;
}

RegistryBuilder::RegistryBuilder(std::function<std::string(OwnerId)> owner_name) : owner_name_(std::move(owner_name)) {
  for (const HiveId hive : kAllHives) {
    if (!is_optional(hive)) plan_.hives[hive];
  }
}

PlannedKey* RegistryBuilder::key_at(const std::string& path, OwnerId owner, const Place& place) {
  const auto found = locate(path);
  if (!found) {
    faults_.add(place, "cannot plan registry key \"" + path + "\": no hive of an image holds that root",
                {"owner " + owner_name_(owner)});
    return nullptr;
  }
  const auto names = split_key(found->path);
  if (names.size() > kMaxKeyDepth) {
    faults_.add(place, "cannot plan registry key \"" + path.substr(0, 80) + "…\": it is nested over 512 levels");
    return nullptr;
  }
  PlannedKey* key = &plan_.hives[found->hive];
  for (const std::string_view name : names) {
    std::u16string index = case_key(name);
    if (index.size() > kMaxNameUnits) {
      faults_.add(place, "cannot plan registry key \"" + path.substr(0, 80) + "…\": a name is over 255 units");
      return nullptr;
    }
    const auto [child, made] = key->children.try_emplace(std::move(index));
    if (made) {
      child->second.name = name;
      child->second.owner = owner;
    }
    key = &child->second;
  }
  return key;
}

void RegistryBuilder::put(PlannedKey& key, const std::string& path, const ComponentRegistryValue& value, OwnerId owner,
                          const Place& place) {
  const auto [it, made] = key.values.try_emplace(case_key(value.name));
  PlannedValue& planned = it->second;
  if (made || (planned.overridable && !value.overridable)) {
    planned = {value.name, value.type, value.data, owner, value.overridable};
    return;
  }
  if (value.append && planned.type == value.type) {
    planned.data = append_multi(planned.data, value.data);
    return;
  }
  const bool same = planned.type == value.type && planned.data == value.data;
  if (same || value.overridable) return;
  faults_.add(place,
              "cannot plan registry value \"" + path + "\\" + (value.name.empty() ? "(default)" : value.name) +
                  "\": two owners want different data",
              {"owners " + std::min(owner_name_(planned.owner), owner_name_(owner)) + " and " +
               std::max(owner_name_(planned.owner), owner_name_(owner))});
}

void RegistryBuilder::add(const ComponentRegistryKey& key, OwnerId owner, const Place& place) {
  PlannedKey* planned = key_at(key.path, owner, place);
  if (planned == nullptr) return;
  for (const ComponentRegistryValue& value : key.values) {
    if (value.keep_existing || value.append) {
      held_.push_back({key.path, value, owner, place});
    } else {
      put(*planned, key.path, value, owner, place);
    }
  }
}

void RegistryBuilder::add_service(const ComponentService& service, OwnerId owner, const Place& place) {
  const auto type = find_number(kServiceTypes, service.type);
  const auto start = find_number(kServiceStarts, service.start);
  const auto error_control = find_number(kErrorControls, service.error_control);
  if (!type || !start || !error_control) {
    const std::string word = !type ? service.type : !start ? service.start : service.error_control;
    faults_.add(place,
                "cannot plan service \"" + service.name + "\": \"" + word + "\" is no service setting winnow knows");
    return;
  }
  ComponentRegistryKey key;
  key.path = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\" + service.name;
  key.values = {registry_dword("Type", *type), registry_dword("Start", *start),
                registry_dword("ErrorControl", *error_control)};
  const auto add_text = [&key](const char* name, const std::string& text, RegistryType kind = RegistryType::sz) {
    if (!text.empty()) key.values.push_back(registry_text(name, text, kind));
  };
  add_text("ImagePath", service.image_path, RegistryType::expand_sz);
  add_text("DisplayName", service.display_name);
  add_text("Description", service.description);
  add_text("ObjectName", service.object_name);
  add_text("Group", service.group);
  if (ascii_iequals(service.start, "delayedAuto")) key.values.push_back(registry_dword("DelayedAutostart", 1));
  if (!service.depends_on_services.empty()) {
    key.values.push_back(registry_multi_text("DependOnService", service.depends_on_services));
  }
  add(key, owner, place);
}

Result<RegistryPlan> RegistryBuilder::finish() && {
  for (const Held& held : held_) {
    PlannedKey* key = key_at(held.path, held.owner, held.place);
    if (key != nullptr && held.value.append) put(*key, held.path, held.value, held.owner, held.place);
  }
  for (const Held& held : held_) {
    PlannedKey* key = key_at(held.path, held.owner, held.place);
    if (key == nullptr || held.value.append) continue;
    key->values.try_emplace(case_key(held.value.name), PlannedValue{held.value.name, held.value.type, held.value.data,
                                                                    held.owner, held.value.overridable});
  }
  if (!faults_.empty()) return fail(std::move(faults_).error());
  return std::move(plan_);
}

}  // namespace winnow
