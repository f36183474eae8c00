#include "resolve/module_lookup.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "catalog/feed_store.hpp"

namespace winnow {

namespace {

bool has_architecture(const CatalogComponent& component, const std::string& architecture) {
  return component.identity.architecture == architecture || component.identity.architecture == "neutral";
}

}  // namespace

void keep_whole(const Catalog& catalog, std::vector<ComponentId>& ids) {
  if (ids.size() < 2) return;
  const auto is_whole = [&](ComponentId id) { return catalog.store_of(id).has_payload(catalog.components()[id]); };
  if (std::any_of(ids.begin(), ids.end(), is_whole)) {
    std::erase_if(ids, [&](ComponentId id) { return !is_whole(id); });
  }
}

std::string_view to_string(Machine machine) {
  switch (machine) {
    case Machine::amd64:
      return "amd64";
    case Machine::x86:
      return "x86";
    case Machine::arm64:
      return "arm64";
    case Machine::unknown:
      break;
  }
  return "unknown";
}

ModuleLookup::ModuleLookup(const Request& request, const Catalog& catalog, const ApiSetSchema& api_sets)
    : request_(request), catalog_(catalog), api_sets_(api_sets) {
  for (const AppModule& module : request.modules) {
    app_files_.insert(module.path);
    app_has_runtime_ = app_has_runtime_ || ascii_iequals(module.path.name(), "coreclr.dll");
  }
}

bool ModuleLookup::is_foreign(const BinaryNeeds& needs) const {
  return !needs.managed && to_string(needs.machine) != request_.architecture;
}

bool ModuleLookup::is_own_runtime(const BinaryNeeds& needs, const std::string& module) const {
  return needs.managed && app_has_runtime_ && module == "mscoree.dll";
}

bool ModuleLookup::app_has(const WindowsPath& folder, const std::string& module) const {
  const auto name = WindowsPath::parse(module);
  return name && app_files_.contains(folder / *name);
}

Lookup ModuleLookup::find(const ModuleNeed& need) const {
  Lookup lookup;
  lookup.module = need.module;
  if (ApiSetSchema::is_contract_name(need.module) && api_sets_.has_contract(need.module)) {
    lookup.contract = true;
    const auto host = api_sets_.host(need.module, need.importer);
    if (!host) {
      lookup.kind = Lookup::Kind::no_host;
      return lookup;
    }
    lookup.module = *host;
  }
  const bool in_app = need.from_app && !lookup.contract &&
                      (app_has(need.importer_folder, need.module) || app_has(request_.program.parent(), need.module));
  if (in_app) {
    lookup.kind = Lookup::Kind::app;
    return lookup;
  }
  for (const ComponentId id : catalog_.providers_of(lookup.module)) {
    if (has_architecture(catalog_.components()[id], request_.architecture)) lookup.providers.push_back(id);
  }
  if (lookup.providers.empty()) return lookup;
  lookup.kind = Lookup::Kind::component;
  const auto rank_of = [&](ComponentId id) { return loader_rank(catalog_.components()[id], lookup.module); };
  const int best = rank_of(lookup.providers.front());  // the catalog has the best folder first
  std::erase_if(lookup.providers, [&](ComponentId id) { return rank_of(id) != best; });
  keep_whole(catalog_, lookup.providers);
  return lookup;
}

}  // namespace winnow
