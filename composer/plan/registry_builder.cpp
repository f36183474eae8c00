#include "plan/registry_builder.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/utf16.hpp"
#include "plan/service_keys.hpp"

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

// A text list in the form of its value: strings of REG_MULTI_SZ, or one text with separators.
std::vector<std::string> split_list(const Bytes& data, ListForm form) {
  std::vector<std::string> items;
  const std::string text = from_utf16le(data).value_or(std::string());
  const char separator = form == ListForm::multi_text ? '\0' : form == ListForm::commas ? ',' : ';';
  std::string item;
  for (const char c : text) {
    const bool is_end = c == separator || c == '\0';
    if (!is_end) item += c;
    if (is_end && !item.empty()) items.push_back(std::exchange(item, {}));
  }
  if (!item.empty()) items.push_back(std::move(item));
  return items;
}

ComponentRegistryValue join_list(const std::string& name, const std::vector<std::string>& items, ListForm form) {
  if (form == ListForm::multi_text) return registry_multi_text(name, items);
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += form == ListForm::commas ? "," : ";";
    text += item;
  }
  return registry_text(name, text, form == ListForm::commas ? RegistryType::sz : RegistryType::expand_sz);
}

}  // namespace

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
  // Windows' own image builder refuses it as well: "Registry value collision found …, only one component should set
  // this value" (a log in MicrosoftDocs/commercialization-public#211). Which of the two would win is not known: in the
  // 59 manifests of Nano 19041 that are at hand 15 values are declared by several components, all with the same data.
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
  auto effect = service_keys(service, std::nullopt);
  if (!effect) {
    Fault fault = effect.error().faults().front();
    return faults_.add(place, std::move(fault.message), std::move(fault.notes));
  }
  for (const ComponentRegistryKey& key : effect->keys) add(key, owner, place);
}

void RegistryBuilder::secure(const std::string& path, const Bytes& descriptor, bool is_owner, OwnerId owner,
                             const Place& place) {
  PlannedKey* key = key_at(path, owner, place);
  if (key == nullptr) return;
  const bool is_claimed = owned_.contains(key);
  if (key->security && (!is_owner || is_claimed)) return;
  const auto [index, is_new] =
      descriptors_.try_emplace(descriptor, static_cast<std::uint32_t>(plan_.security_descriptors.size()));
  if (is_new) plan_.security_descriptors.push_back(descriptor);
  key->security = index->second;
  if (is_owner) owned_.insert(key);
}

void RegistryBuilder::add_list_entry(const ListPlace& list, const std::string& entry, bool is_first, OwnerId owner,
                                     const Place& place) {
  list_entries_.push_back({list, entry, is_first, owner, place});
}

void RegistryBuilder::apply_list_entry(const ListEntry& entry) {
  PlannedKey* key = key_at(entry.list.path, entry.owner, entry.place);
  if (key == nullptr) return;
  const auto [it, made] = key->values.try_emplace(case_key(entry.list.value));
  PlannedValue& value = it->second;
  if (made) value.owner = entry.owner;
  std::vector<std::string> items = made ? std::vector<std::string>() : split_list(value.data, entry.list.form);
  const std::u16string wanted = case_key(entry.text);
  const bool is_there =
      std::any_of(items.begin(), items.end(), [&](const std::string& item) { return case_key(item) == wanted; });
  if (!is_there) items.insert(entry.is_first ? items.begin() : items.end(), entry.text);
  ComponentRegistryValue joined = join_list(made ? entry.list.value : value.name, items, entry.list.form);
  value.name = std::move(joined.name);
  value.type = joined.type;
  value.data = std::move(joined.data);
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
  for (const ListEntry& entry : list_entries_) apply_list_entry(entry);
  if (!faults_.empty()) return fail(std::move(faults_).error());
  return std::move(plan_);
}

}  // namespace winnow
