#include "resolve/component_needs.hpp"

#include <algorithm>
#include <utility>

#include "base/utf16.hpp"

namespace winnow {

namespace {

std::string drive_path(const WindowsPath& path) { return "C:\\" + path.text(); }

// "tls", "gnutls GE 3.0.0.0 or openssl".
std::string text_of(const ComponentRelation& relation) {
  std::string text;
  for (std::size_t i = 0; i < relation.selectors.size(); ++i) {
    if (i > 0) text += i + 1 == relation.selectors.size() ? " or " : ", ";
    text += to_string(relation.selectors[i]);
  }
  return text;
}

}  // namespace

NeedReader::NeedReader(const Request& request, const Catalog& catalog, const ApiSetSchema& api_sets,
                       const std::map<ComponentId, Place>& excluded)
    : request_(request), catalog_(catalog), excluded_(excluded), lookup_(request, catalog, api_sets) {}

Result<std::vector<ComponentNeed>> NeedReader::needs_of(ComponentId id) const {
  std::vector<ComponentNeed> result;
  WINNOW_TRY(const ComponentManifest* manifest, catalog_.manifest(id));
  for (const ComponentDependency& dependency : manifest->dependencies) add_dependency(id, dependency, result);
  for (const ComponentRelation& relation : manifest->relations) {
    if (relation.kind != RelationKind::conflict) add_relation(id, relation, result);
  }
  const bool with_soft = request_.policy == NeedsPolicy::all;
  WINNOW_TRY(const std::vector<BinaryNeeds>* needs, catalog_.needs(id, with_soft));
  const CatalogComponent& component = catalog_.components()[id];
  for (std::size_t i = 0; i < component.files.size(); ++i) {
    WINNOW_CHECK(add_binary({(*needs)[i], component.files[i].path, id, {}, with_soft}, result));
  }
  return result;
}

Result<std::vector<ComponentNeed>> NeedReader::needs_of(const AppModule& module) const {
  std::vector<ComponentNeed> result;
  if (is_foreign(module)) return result;
  const bool with_soft = request_.policy != NeedsPolicy::imports;
  WINNOW_CHECK(add_binary({module.needs, module.path, std::nullopt, module.place, with_soft}, result));
  return result;
}

void NeedReader::add_dependency(ComponentId id, const ComponentDependency& dependency,
                                std::vector<ComponentNeed>& needs) const {
  const std::string& name = catalog_.components()[id].identity.name;
  ComponentNeed need;
  need.what = to_string(dependency.identity);
  need.from = name;
  need.text = "depends on";
  need.place = {catalog_.manifest_file(id), dependency.line, 0};
  if (dependency.resources || dependency.identity.language == "*") {
    if (dependency.type == DependencyType::prerequisite) return;  // no condition: what has no resources has none
    add_languages(id, dependency, need, needs);
    return;
  }
  if (const auto found = catalog_.find(dependency.identity)) {
    need.any_of = newer_versions(*found);
    need.any_of.push_back(*found);
    keep_whole(catalog_, need.any_of);
  }
  if (dependency.type == DependencyType::prerequisite) {
    need.kind = NeedKind::gate;
    need.text = "is only for images with";
    need.nobody =
        Fault{need.place,
              "cannot install " + name + ": its prerequisite " + need.what + " is not in the image",
              {need.any_of.empty() ? "no feed has it" : "ask for it by name: a prerequisite is never pulled in"}};
  } else if (need.any_of.empty()) {
    need.nobody = Fault{need.place, "cannot install " + name + ": no feed has " + need.what, {}};
    for (const ComponentId other : catalog_.components_named(dependency.identity.name)) {
      need.nobody->notes.push_back("found " + to_string(catalog_.components()[other].identity));
    }
  }
  needs.push_back(std::move(need));
}

// A version is named exactly; one of the same family that is newer takes its place wherever both are.
std::vector<ComponentId> NeedReader::newer_versions(ComponentId id) const {
  std::vector<ComponentId> newer;
  const AssemblyIdentity& identity = catalog_.components()[id].identity;
  if (!ascii_iequals(identity.version_scope, "nonSxS")) return newer;
  for (const ComponentId other : catalog_.components_named(identity.name)) {
    const AssemblyIdentity& candidate = catalog_.components()[other].identity;
    if (identity.version < candidate.version && family_key(candidate) == family_key(identity)) newer.push_back(other);
  }
  return newer;
}

// One need for each chosen language and architecture: of the version that the dependency names where there is one, else
// of any.
void NeedReader::add_languages(ComponentId id, const ComponentDependency& dependency, const ComponentNeed& need,
                               std::vector<ComponentNeed>& needs) const {
  std::map<std::pair<std::string, std::string>, std::vector<ComponentId>> groups;  // newest version first
  for (const ComponentId candidate : catalog_.components_named(dependency.identity.name)) {
    const AssemblyIdentity& identity = catalog_.components()[candidate].identity;
    const bool is_chosen =
        std::any_of(request_.languages.begin(), request_.languages.end(),
                    [&](const std::string& wanted) { return ascii_iequals(wanted, identity.language); });
    if (!is_chosen || candidate == id || excluded_.contains(candidate)) continue;
    groups[{ascii_lower(identity.language), identity.architecture}].push_back(candidate);
  }
  for (auto& [key, candidates] : groups) {
    const auto has_version = [&](ComponentId candidate) {
      return catalog_.components()[candidate].identity.version == dependency.identity.version;
    };
    ComponentNeed step = need;
    step.kind = NeedKind::language;
    step.language = key.first;
    step.text = "has " + catalog_.components()[candidates.front()].identity.language + " resources in";
    if (std::any_of(candidates.begin(), candidates.end(), has_version)) {
      std::erase_if(candidates, [&](ComponentId candidate) { return !has_version(candidate); });
    }
    step.any_of = std::move(candidates);
    needs.push_back(std::move(step));
  }
}

// By selector, newest first in each: for the image's architecture, and neutral in language where there is such a one.
std::vector<ComponentId> NeedReader::selected(ComponentId by, const ComponentRelation& relation) const {
  std::vector<ComponentId> result;
  for (const ComponentSelector& selector : relation.selectors) {
    std::vector<ComponentId> neutral, other;
    for (const ComponentId id : selector.is_capability ? catalog_.components_providing(selector.name)
                                                       : catalog_.components_named(selector.name)) {
      const AssemblyIdentity& identity = catalog_.components()[id].identity;
      const bool fits = identity.architecture == request_.architecture || identity.architecture == "neutral" ||
                        identity.architecture == catalog_.components()[by].identity.architecture;
      if (!fits || !satisfies(identity.version, selector.bounds)) continue;
      if (std::find(result.begin(), result.end(), id) != result.end()) continue;
      (ascii_iequals(identity.language, "neutral") ? neutral : other).push_back(id);
    }
    const std::vector<ComponentId>& best = neutral.empty() ? other : neutral;
    result.insert(result.end(), best.begin(), best.end());
  }
  return result;
}

void NeedReader::add_relation(ComponentId id, const ComponentRelation& relation,
                              std::vector<ComponentNeed>& needs) const {
  const std::string& name = catalog_.components()[id].identity.name;
  ComponentNeed need;
  need.any_of = selected(id, relation);
  need.what = text_of(relation);
  need.from = name;
  need.place = {catalog_.manifest_file(id), relation.line, 0};
  if (relation.kind == RelationKind::recommended) {
    need.kind = NeedKind::recommended;
    need.text = "recommends " + need.what;
    need.is_soft = true;
  } else {
    need.text = "needs " + need.what;
    if (need.any_of.empty()) {
      need.nobody = Fault{need.place, "cannot install " + name + ": no feed has " + need.what, {}};
    }
  }
  needs.push_back(std::move(need));
}

Result<std::vector<ComponentExclusion>> NeedReader::exclusions_of(ComponentId id) const {
  std::vector<ComponentExclusion> result;
  WINNOW_TRY(const ComponentManifest* manifest, catalog_.manifest(id));
  for (const ComponentRelation& relation : manifest->relations) {
    if (relation.kind != RelationKind::conflict) continue;
    ComponentExclusion exclusion{
        selected(id, relation), "conflicts with " + text_of(relation), {catalog_.manifest_file(id), relation.line, 0}};
    std::erase(exclusion.others, id);  // "and nobody else who provides it"
    result.push_back(std::move(exclusion));
  }
  return result;
}

Result<void> NeedReader::add_binary(const Binary& binary, std::vector<ComponentNeed>& needs) const {
  ComponentNeed need;
  need.from = binary.by ? std::string(binary.path.name()) : drive_path(binary.path);
  need.place = binary.place;
  const auto add = [&](const std::string& module, NeedKind kind, const char* verb, bool is_soft) -> Result<void> {
    if (lookup_.is_own_runtime(binary.needs, module)) return {};
    ComponentNeed step = need;
    step.kind = kind;
    step.text = verb + module;
    step.is_soft = is_soft || module.starts_with("ext-");
    return add_module(binary, module, std::move(step), needs);
  };
  for (const std::string& module : binary.needs.imports) {
    WINNOW_CHECK(add(module, NeedKind::import, "imports ", false));
  }
  if (!binary.with_soft) return {};
  for (const std::string& module : binary.needs.delay_imports) {
    WINNOW_CHECK(add(module, NeedKind::delay_import, "delay-imports ", true));
  }
  for (const std::string& module : binary.needs.named) WINNOW_CHECK(add(module, NeedKind::named, "names ", true));
  return {};
}

Result<void> NeedReader::keep_exporting(const Binary& binary, const std::string& import, const Lookup& lookup,
                                        std::vector<ComponentId>& providers) const {
  const auto functions = binary.needs.functions.find(import);
  if (providers.size() < 2 || functions == binary.needs.functions.end()) return {};
  std::vector<ComponentId> exporting;
  for (const ComponentId id : providers) {
    WINNOW_TRY(const auto* exports, catalog_.exports(id, lookup.module));
    const bool has_all = std::all_of(functions->second.begin(), functions->second.end(),
                                     [&](const std::string& function) { return exports->contains(function); });
    if (has_all) exporting.push_back(id);
  }
  if (!exporting.empty()) providers = std::move(exporting);
  return {};
}

Result<void> NeedReader::add_module(const Binary& binary, const std::string& module, ComponentNeed need,
                                    std::vector<ComponentNeed>& needs) const {
  const Lookup lookup =
      lookup_.find({module, std::string(binary.path.name()), binary.path.parent(), !binary.by.has_value()});
  if (lookup.kind == Lookup::Kind::app) return {};
  if (binary.by && std::find(lookup.providers.begin(), lookup.providers.end(), *binary.by) != lookup.providers.end()) {
    return {};  // a component whose files need one another
  }
  const auto schema = catalog_.api_set_component();
  if (lookup.contract && !lookup.providers.empty() && schema && binary.by != schema) {
    ComponentNeed step = need;
    step.what = module;
    step.any_of = {*schema};
    needs.push_back(std::move(step));
  }
  need.any_of = lookup.providers;
  if (need.kind == NeedKind::import) WINNOW_CHECK(keep_exporting(binary, module, lookup, need.any_of));
  const auto is_excluded = [this](ComponentId id) { return excluded_.contains(id); };
  if (need.is_soft && std::all_of(need.any_of.begin(), need.any_of.end(), is_excluded)) need.any_of.clear();
  need.what = need.any_of.empty() ? module : lookup.module;
  if (need.any_of.empty() && !need.is_soft) need.nobody = nobody_has(module, lookup, need);
  const ComponentNeed bare = need;
  if (lookup.contract && !need.any_of.empty()) need.text += " (" + lookup.module + ")";
  needs.push_back(std::move(need));
  if (bare.kind != NeedKind::import || bare.any_of.size() != 1) return {};
  return follow_forwarders(binary, module, lookup, bare, needs);
}

Result<bool> NeedReader::imports_from(ComponentId id, ComponentId provider) const {
  WINNOW_TRY(const std::vector<BinaryNeeds>* needs, catalog_.needs(id, request_.policy == NeedsPolicy::all));
  const CatalogComponent& component = catalog_.components()[id];
  for (std::size_t i = 0; i < needs->size(); ++i) {
    const WindowsPath& path = component.files[i].path;
    for (const std::string& module : (*needs)[i].imports) {
      const Lookup lookup = lookup_.find({module, std::string(path.name()), path.parent(), false});
      if (std::find(lookup.providers.begin(), lookup.providers.end(), provider) != lookup.providers.end()) return true;
    }
  }
  return false;
}

Result<void> NeedReader::follow_forwarders(const Binary& binary, const std::string& import, const Lookup& lookup,
                                           const ComponentNeed& need, std::vector<ComponentNeed>& needs) const {
  struct Step {
    ComponentId provider;
    std::string module;
    std::string function;
    auto operator<=>(const Step&) const = default;
  };
  const auto functions = binary.needs.functions.find(import);
  if (functions == binary.needs.functions.end()) return {};
  std::vector<Step> queue;
  std::set<Step> seen;
  std::set<ComponentId> needed = {need.any_of.front()};
  const auto follow = [&](Step step) {
    if (seen.insert(step).second) queue.push_back(std::move(step));
  };
  for (const std::string& function : functions->second) follow({need.any_of.front(), lookup.module, function});
  while (!queue.empty()) {
    const Step step = std::move(queue.back());
    queue.pop_back();
    WINNOW_TRY(const ExportNames* exports, catalog_.exports(step.provider, step.module));
    const auto found = exports->find(step.function);
    if (found == exports->end() || found->second.rfind('.') == std::string::npos) continue;
    const std::size_t dot = found->second.rfind('.');
    const std::string target = ascii_lower(found->second.substr(0, dot)) + ".dll";
    const WindowsPath& folder = catalog_.components()[step.provider].files.front().path;
    const Lookup next = lookup_.find({target, step.module, folder.parent(), false});
    if (next.providers.size() != 1) continue;  // nobody, or more than one: that module's own imports decide
    const ComponentId provider = next.providers.front();
    follow({provider, next.module, found->second.substr(dot + 1)});
    WINNOW_TRY(const bool is_imported, imports_from(step.provider, provider));
    if (is_imported || provider == binary.by || !needed.insert(provider).second) continue;
    ComponentNeed forwarded = need;
    forwarded.any_of = {provider};
    forwarded.what = next.module;
    forwarded.text += ", where " + step.function + " of " + step.module + " is " + found->second;
    needs.push_back(std::move(forwarded));
  }
  return {};
}

Fault NeedReader::nobody_has(const std::string& module, const Lookup& lookup, const ComponentNeed& need) const {
  const std::string why =
      lookup.kind == Lookup::Kind::no_host ? "the API-set schema gives it no host" : "no feed has it";
  Fault fault{need.place, "cannot resolve module \"" + lookup.module + "\": " + why, {}};
  fault.notes.push_back("needed by " + need.from + (lookup.contract ? " as " + module : ""));
  const std::string nearest = catalog_.nearest_module(lookup.module);
  if (!nearest.empty()) fault.notes.push_back("nearest name: " + nearest);
  return fault;
}

}  // namespace winnow
