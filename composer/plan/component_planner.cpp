#include "plan/component_planner.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "base/utf16.hpp"
#include "catalog/feed_reader.hpp"
#include "plan/event_keys.hpp"
#include "plan/registry_view.hpp"
#include "plan/security_descriptor.hpp"
#include "plan/service_keys.hpp"
#include "plan/setting_keys.hpp"

namespace winnow {

namespace {

// Descriptors that manifests name without defining them (servicing.md 4.6).
constexpr std::array<std::pair<std::string_view, std::string_view>, 1> kBuiltInSecurity = {
    {{"#MutableFileDefaultSecurityDescriptor", "O:SYG:SYD:AIS:"}}};

constexpr std::string_view kSvchost = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Svchost";
constexpr std::string_view kNetworkProvider =
    "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\NetworkProvider\\";
constexpr std::string_view kEnvironment =
    "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment";

// Roots that belong to hives no plan has.
constexpr std::array<std::string_view, 3> kForeignHives = {"HKEY_LOCAL_MACHINE\\DRIVERS", "HKEY_LOCAL_MACHINE\\BCD",
                                                           "HKEY_LOCAL_MACHINE\\COMPONENTS"};

class Planner {
 public:
  Planner(const Catalog& catalog, ComponentId id, OwnerId owner, const std::string& owner_name,
          const ComponentManifest& manifest, const PlanTarget& target, const PlanParts& parts)
      : catalog_(catalog),
        id_(id),
        owner_(owner),
        owner_name_(owner_name),
        manifest_(manifest),
        parts_(parts),
        place_{catalog.manifest_file(id), 0, 0},
        scope_{manifest, system_view(manifest.identity.architecture, target.architecture), target.languages} {}

  Result<void> add() {
    for (const ComponentFile& file : manifest_.files) WINNOW_CHECK(add_file(file));
    for (const ComponentDirectory& directory : manifest_.directories) WINNOW_CHECK(add_directory(directory));
    WINNOW_CHECK(find_overridables());
    for (const ComponentRegistryKey& key : manifest_.registry_keys) WINNOW_CHECK(add_key(key, scope_.view));
    for (const ComponentService& service : manifest_.services) WINNOW_CHECK(add_service(service));
    WINNOW_TRY(const EffectKeys settings, setting_keys(manifest_.settings));
    WINNOW_CHECK(add_effect(settings, scope_.view));
    // What installers of the system write, they write to its own keys.
    WINNOW_CHECK(add_effect(event_keys(manifest_.event_publishers), SystemView::native));
    WINNOW_CHECK(add_effect(firewall_keys(manifest_.firewall_rules), SystemView::native));
    WINNOW_CHECK(add_lists());
    for (const FirstBootWork& work : manifest_.work) WINNOW_CHECK(add_work(work, ""));
    for (const auto& [name, count] : manifest_.ignored_elements) leave(name, count);
    leave_overridables();
    return {};
  }

 private:
  void leave(const std::string& name, std::uint64_t count = 1) {
    add_unapplied(parts_.unapplied, name, count, owner_name_);
  }
  Result<std::string> expanded(const std::string& text) const {
    if (!has_macros(text)) return text;
    return expand_text(text, scope_);
  }
  Result<void> add_file(const ComponentFile& file);
  Result<void> add_links(const ComponentFile& file, std::uint32_t security);
  Result<void> add_directory(const ComponentDirectory& directory);
  Result<std::string> key_path(const std::string& path, SystemView view) const;
  Result<ComponentRegistryValue> expanded_value(const ComponentRegistryValue& value) const;
  Result<void> find_overridables();
  void leave_overridables();
  Result<void> add_key(const ComponentRegistryKey& key, SystemView view);
  Result<void> add_service(const ComponentService& service);
  Result<void> add_effect(const EffectKeys& effect, SystemView view);
  Result<void> add_lists();
  Result<void> add_work(const FirstBootWork& work, const std::string& subject);
  std::optional<std::string> find_sddl(const std::string& name);
  Result<std::uint32_t> security_of(const std::string& name, SecuredObject object, std::uint32_t usual);

  const Catalog& catalog_;
  ComponentId id_;
  OwnerId owner_;
  const std::string& owner_name_;
  const ComponentManifest& manifest_;
  const PlanParts& parts_;
  Place place_;
  MacroScope scope_;
  // Key and name of values that a more specific component may replace, and whether one of ours is.
  std::map<std::pair<std::u16string, std::u16string>, bool> overridables_;
};

Result<void> Planner::add_file(const ComponentFile& file) {
  WINNOW_TRY(const std::uint32_t security, security_of(file.security_descriptor, SecuredObject::file, kFileSecurity));
  // Without a destination a file is not projected: it is used from the component store or the assembly cache only.
  std::string subject = "Windows\\WinSxS\\" + key_form(manifest_.identity) + "\\" + file.name;
  if (!file.destination.empty()) {
    WINNOW_TRY(const WindowsPath path, landing_path(file, manifest_.identity.architecture));
    parts_.tree.add_file(path, file.attributes, security, owner_, catalog_.payload(id_, file), file.digest, place_);
    subject = path.text();
  }
  WINNOW_CHECK(add_links(file, security));
  for (const FirstBootWork& work : file.work) WINNOW_CHECK(add_work(work, subject));
  return {};
}

// Further names of a file's data; the first of them holds it when the file itself is not projected.
Result<void> Planner::add_links(const ComponentFile& file, std::uint32_t security) {
  std::optional<WindowsPath> target;
  if (!file.destination.empty()) {
    WINNOW_TRY(target, landing_path(file, manifest_.identity.architecture));
  }
  for (const std::string& link : file.links) {
    WINNOW_TRY(const WindowsPath path, expand_destination(link, manifest_.identity.architecture));
    if (target) {
      parts_.tree.add_link(path, *target, owner_, place_);
    } else {
      parts_.tree.add_file(path, file.attributes, security, owner_, catalog_.payload(id_, file), file.digest, place_);
      target = path;
    }
  }
  return {};
}

Result<void> Planner::add_directory(const ComponentDirectory& directory) {
  WINNOW_TRY(const WindowsPath path, expand_destination(directory.destination, manifest_.identity.architecture));
  WINNOW_TRY(const std::uint32_t security,
             security_of(directory.security_descriptor, SecuredObject::folder, kDirectorySecurity));
  parts_.tree.add_directory(path, directory.attributes, security, owner_, place_);
  return {};
}

Result<std::string> Planner::key_path(const std::string& path, SystemView view) const {
  if (!has_macros(path)) return key_in_view(full_key_name(path), view);
  WINNOW_TRY(const std::string expanded, expand_key_name(path, scope_));
  return key_in_view(full_key_name(expanded), view);
}

Result<ComponentRegistryValue> Planner::expanded_value(const ComponentRegistryValue& value) const {
  const auto type = static_cast<RegistryType>(value.type);
  const bool is_text = type == RegistryType::sz || type == RegistryType::expand_sz || type == RegistryType::multi_sz;
  const auto text = is_text ? from_utf16le(value.data) : std::nullopt;
  if (!text || !has_macros(*text)) return value;
  std::string all;  // the texts between NULs, each expanded
  for (std::size_t start = 0; start < text->size();) {
    const std::size_t end = std::min(text->find('\0', start), text->size());
    WINNOW_TRY(const std::string part, expanded(text->substr(start, end - start)));
    all += part;
    if (end < text->size()) all += '\0';
    start = end + 1;
  }
  ComponentRegistryValue result = value;
  result.data = to_utf16le(all, false).value_or(value.data);
  return result;
}

Result<void> Planner::find_overridables() {
  for (const ComponentRegistryKey& key : manifest_.registry_keys) {
    if (key.overridables.empty()) continue;
    WINNOW_TRY(const std::string path, key_path(key.path, scope_.view));
    for (const OverridableName& name : key.overridables) overridables_[{case_key(path), case_key(name.name)}] = false;
  }
  return {};
}

// Those that name values of other components tell us nothing.
void Planner::leave_overridables() {
  for (const auto& [value, is_ours] : overridables_) {
    if (!is_ours) leave("registryKeys/overridable");
  }
}

Result<void> Planner::add_key(const ComponentRegistryKey& key, SystemView view) {
  ComponentRegistryKey planned;
  WINNOW_TRY(planned.path, key_path(key.path, view));
  const std::u16string where = case_key(planned.path);
  for (const std::string_view root : kForeignHives) {
    if (where.starts_with(case_key(root))) {
      leave("registryKey in " + std::string(root));
      return {};
    }
  }
  for (const ComponentRegistryValue& value : key.values) {
    WINNOW_TRY(ComponentRegistryValue expanded, expanded_value(value));
    if (const auto named = overridables_.find({where, case_key(value.name)}); named != overridables_.end()) {
      expanded.overridable = named->second = true;
    }
    planned.values.push_back(std::move(expanded));
  }
  parts_.registry.add(planned, owner_, place_);
  const auto sddl = find_sddl(key.security_descriptor);
  if (!sddl) return {};
  WINNOW_TRY(const Bytes descriptor, parse_sddl(*sddl));
  parts_.registry.secure(planned.path, stored_descriptor(descriptor, SecuredObject::key), key.owner, owner_, place_);
  return {};
}

Result<void> Planner::add_service(const ComponentService& service) {
  std::optional<Bytes> security;
  if (const auto sddl = find_sddl(service.security_descriptor)) {
    WINNOW_TRY(security, parse_sddl(*sddl));
  }
  auto effect = service_keys(service, security);
  if (!effect) return fail(std::move(effect).error());
  return add_effect(*effect, SystemView::native);
}

Result<void> Planner::add_effect(const EffectKeys& effect, SystemView view) {
  for (const ComponentRegistryKey& key : effect.keys) WINNOW_CHECK(add_key(key, view));
  for (const std::string& name : effect.unapplied) leave(name);
  return {};
}

Result<void> Planner::add_lists() {
  const auto add = [&](const ListPlace& list, const ComponentListEntry& entry) -> Result<void> {
    WINNOW_TRY(const std::string name, expanded(entry.name));
    parts_.registry.add_list_entry(list, name, entry.position == "first", owner_, place_);
    return {};
  };
  for (const ComponentListEntry& entry : manifest_.service_groups) {
    WINNOW_CHECK(add({std::string(kSvchost), entry.list, ListForm::multi_text}, entry));
  }
  for (const ComponentListEntry& entry : manifest_.provider_orders) {
    const std::size_t slash = entry.list.rfind('\\');
    if (slash == std::string::npos) {
      leave("memberships/Network");
      continue;
    }
    const std::string key = std::string(kNetworkProvider) + entry.list.substr(0, slash);
    WINNOW_CHECK(add({key, entry.list.substr(slash + 1), ListForm::commas}, entry));
  }
  for (const ComponentListEntry& entry : manifest_.path_entries) {
    WINNOW_CHECK(add({std::string(kEnvironment), "Path", ListForm::semicolons}, entry));
  }
  return {};
}

Result<void> Planner::add_work(const FirstBootWork& work, const std::string& subject) {
  PlannedWork planned{owner_, work.element, subject, {}};
  for (const auto& [name, value] : work.attributes) {
    if (work.element == "genericCommand" && name == "install" && ascii_iequals(value, "false")) {
      leave("genericCommands/genericCommand of the removal");
      return {};
    }
    WINNOW_TRY(std::string text, expanded(value));
    planned.settings.emplace_back(name, std::move(text));
  }
  parts_.first_boot.push_back(std::move(planned));
  return {};
}

std::optional<std::string> Planner::find_sddl(const std::string& name) {
  if (name.empty()) return std::nullopt;
  const auto definition = manifest_.security_definitions.find(name);
  if (definition != manifest_.security_definitions.end()) return definition->second;
  for (const auto& [known, sddl] : kBuiltInSecurity) {
    if (known == name) return std::string(sddl);
  }
  leave("securityDescriptor " + name);
  return std::nullopt;
}

Result<std::uint32_t> Planner::security_of(const std::string& name, SecuredObject object, std::uint32_t usual) {
  const auto sddl = find_sddl(name);
  if (!sddl) return usual;
  return parts_.security.intern_sddl(*sddl, object);
}

}  // namespace

Result<void> plan_component(const Catalog& catalog, ComponentId id, OwnerId owner, const std::string& owner_name,
                            const PlanTarget& target, const PlanParts& parts) {
  WINNOW_TRY(const ComponentManifest* manifest, catalog.manifest(id));
  auto done = Planner(catalog, id, owner, owner_name, *manifest, target, parts).add();
  if (!done) return fail(std::move(done).error().in_file(catalog.manifest_file(id)));
  return {};
}

Result<std::vector<std::size_t>> effect_order(const Catalog& catalog, const std::vector<ComponentId>& ids) {
  constexpr std::array<std::string_view, 2> kFirst = {"ServicingStackComponent", "BootCritical"};
  std::vector<std::pair<std::size_t, std::size_t>> ranked;  // rank, index
  for (std::size_t i = 0; i < ids.size(); ++i) {
    WINNOW_TRY(const ComponentManifest* manifest, catalog.manifest(ids[i]));
    std::size_t rank = 0;
    const auto has = [&](std::string_view name) {
      return std::find(manifest->categories.begin(), manifest->categories.end(), name) != manifest->categories.end();
    };
    while (rank < kFirst.size() && !has(kFirst[rank])) ++rank;
    ranked.emplace_back(rank, i);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::size_t> order;
  for (const auto& [rank, index] : ranked) order.push_back(index);
  return order;
}

}  // namespace winnow
