#include "plan/registry_edit.hpp"

#include <algorithm>

#include "base/utf16.hpp"

namespace winnow {

namespace {

// The first name of `path`, which loses it.
std::string_view take_name(std::string_view& path) {
  const std::size_t end = std::min(path.find('\\'), path.size());
  const std::string_view name = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return name;
}

bool is_text(const PlannedValue& value) {
  return value.type == static_cast<std::uint32_t>(RegistryType::sz) ||
         value.type == static_cast<std::uint32_t>(RegistryType::expand_sz);
}

}  // namespace

const PlannedKey* find_key(const RegistryPlan& registry, HiveId hive, std::string_view path) {
  const auto root = registry.hives.find(hive);
  if (root == registry.hives.end()) return nullptr;
  const PlannedKey* key = &root->second;
  while (!path.empty()) {
    const auto child = key->children.find(case_key(take_name(path)));
    if (child == key->children.end()) return nullptr;
    key = &child->second;
  }
  return key;
}

std::optional<std::string> find_text(const PlannedKey& key, std::string_view name) {
  const auto value = key.values.find(case_key(name));
  if (value == key.values.end() || !is_text(value->second)) return std::nullopt;
  auto text = from_utf16le(value->second.data);
  if (text) text->erase(std::min(text->find('\0'), text->size()));
  return text;
}

void put_value(RegistryPlan& registry, HiveId hive, std::string_view path, const ComponentRegistryValue& value,
               OwnerId owner) {
  PlannedKey* key = &registry.hives[hive];
  while (!path.empty()) {
    const std::string name(take_name(path));
    const auto [child, is_new] = key->children.try_emplace(case_key(name));
    if (is_new) {
      child->second.name = name;
      child->second.owner = owner;
    }
    key = &child->second;
  }
  const auto [place, is_new] = key->values.try_emplace(case_key(value.name));
  PlannedValue& planned = place->second;
  if (!is_new && planned.type == value.type && planned.data == value.data) return;
  planned = {is_new ? value.name : planned.name, value.type, value.data, owner, false};
}

}  // namespace winnow
