#include "resolve/closure.hpp"

#include <algorithm>

#include "base/utf16.hpp"

namespace winnow {

namespace {

std::vector<std::string> did_you_mean(const std::string& nearest) {
  if (nearest.empty()) return {};
  return {"did you mean \"" + nearest + "\"?"};
}

std::string drive_path(const WindowsPath& path) { return "C:\\" + path.text(); }

// Requests in an order of their own, so that the Solution does not depend on how the manifest lists them.
std::vector<NamedRequest> sorted(std::vector<NamedRequest> requests) {
  std::sort(requests.begin(), requests.end(), [](const NamedRequest& a, const NamedRequest& b) {
    return std::tie(a.name, a.place) < std::tie(b.name, b.place);
  });
  return requests;
}

}  // namespace

Result<Resolution> Closure::run() {
  add_exclusions();
  add_omissions();
  WINNOW_CHECK(add_products());
  WINNOW_CHECK(add_roles());
  WINNOW_CHECK(add_features());
  add_components();
  if (!input_faults_.empty()) return fail(std::move(input_faults_).error());
  add_app_modules();
  for (std::size_t next = 0; next < queue_.size(); ++next) WINNOW_CHECK(expand(queue_[next]));
  check_prerequisites();
  if (!conflicts_.empty()) return Resolution(Unsatisfiable{std::move(conflicts_)});
  Solution solution;
  for (auto& [id, reasons] : reasons_) solution.members.push_back({id, std::move(reasons)});
  solution.skipped.assign(skipped_.begin(), skipped_.end());
  for (const ComponentId id : omitted_) solution.omitted.push_back(catalog_.components()[id].identity.name);
  std::sort(solution.omitted.begin(), solution.omitted.end());
  return Resolution(std::move(solution));
}

void Closure::add_exclusions() {
  for (const NamedRequest& exclusion : sorted(request_.exclusions)) {
    std::vector<ComponentId> ids = catalog_.components_named(exclusion.name);
    const auto providers = catalog_.providers_of(exclusion.name);
    ids.insert(ids.end(), providers.begin(), providers.end());
    for (const ComponentId id : ids) excluded_.emplace(id, exclusion.place);
    if (!ids.empty()) continue;
    std::string nearest = catalog_.nearest_component(exclusion.name);
    if (nearest.empty()) nearest = catalog_.nearest_module(exclusion.name);
    input_faults_.add(exclusion.place,
                      "cannot exclude \"" + exclusion.name + "\": no component and no module has that name",
                      did_you_mean(nearest));
  }
}

void Closure::add_omissions() {
  for (const NamedRequest& omission : request_.omissions) {
    const auto ids = catalog_.components_named(omission.name);
    omitted_.insert(ids.begin(), ids.end());
    if (!ids.empty()) continue;
    input_faults_.add(omission.place,
                      "cannot leave out \"" + omission.name + "\": no feed has a component of that name",
                      did_you_mean(catalog_.nearest_component(omission.name)));
  }
}

Result<void> Closure::add_products() {
  for (PackageId id = 0; id < catalog_.packages().size(); ++id) {
    const CatalogPackage& package = catalog_.packages()[id];
    if (!package.product) continue;
    const std::string& feed = catalog_.feeds()[package.feed].name;
    WINNOW_CHECK(
        add_package(id, "", {ReasonKind::product, std::nullopt, "feed " + feed, "starts every image from", {}}));
  }
  return {};
}

Result<void> Closure::add_roles() {
  for (const NamedRequest& role : sorted(request_.roles)) {
    const auto packages = catalog_.packages_named(role.name);
    if (packages.empty()) {
      input_faults_.add(role.place, "cannot resolve role \"" + role.name + "\": no package provides it",
                        did_you_mean(catalog_.nearest_role(role.name)));
      continue;
    }
    const Reason reason{ReasonKind::role, std::nullopt, request_.app, "asks for role " + role.name, role.place};
    WINNOW_CHECK(add_package(packages.front(), "", reason));
  }
  return {};
}

Result<void> Closure::add_features() {
  for (const NamedRequest& feature : sorted(request_.features)) {
    bool found = false;
    for (PackageId id = 0; id < catalog_.packages().size() && !found; ++id) {
      WINNOW_TRY(const PackageManifest* manifest, catalog_.package_manifest(id));
      found = std::any_of(manifest->updates.begin(), manifest->updates.end(), [&](const PackageUpdate& update) {
        return update.selectable && ascii_iequals(update.name, feature.name);
      });
      const Reason reason{ReasonKind::feature, std::nullopt, request_.app, "asks for feature " + feature.name,
                          feature.place};
      if (found) WINNOW_CHECK(add_package(id, ascii_lower(feature.name), reason));
    }
    if (!found) {
      input_faults_.add(feature.place, "cannot resolve feature \"" + feature.name + "\": no package provides it");
    }
  }
  return {};
}

void Closure::add_components() {
  for (const NamedRequest& wanted : sorted(request_.components)) {
    const auto ids = catalog_.components_named(wanted.name);
    if (ids.empty()) {
      input_faults_.add(wanted.place, "cannot resolve component \"" + wanted.name + "\": no feed has it",
                        did_you_mean(catalog_.nearest_component(wanted.name)));
      continue;
    }
    add_member(ids.front(), {ReasonKind::component, std::nullopt, request_.app, "asks for", wanted.place});
  }
}

void Closure::add_app_modules() {
  std::vector<const AppModule*> modules;
  for (const AppModule& module : request_.modules) modules.push_back(&module);
  std::sort(modules.begin(), modules.end(), [](const auto* a, const auto* b) { return a->path < b->path; });
  for (const AppModule* module : modules) {
    if (lookup_.is_foreign(module->needs)) {
      const std::string machine(to_string(module->needs.machine));
      skipped_.insert({drive_path(module->path), "its imports",
                       "it is for " + machine + ", the image is " + request_.architecture});
      continue;
    }
    follow_binary(module->needs, module->path, std::nullopt, module->place, request_.policy != NeedsPolicy::imports);
  }
}

Result<void> Closure::add_package(PackageId id, const std::string& feature, const Reason& reason) {
  if (!seen_packages_.emplace(id, feature).second) return {};
  WINNOW_TRY(const PackageManifest* manifest, catalog_.package_manifest(id));
  for (const PackageUpdate& update : manifest->updates) {
    if (update.selectable && ascii_lower(update.name) != feature) continue;
    for (const PackageReference& reference : update.references) WINNOW_CHECK(add_reference(reference, id, reason));
  }
  return {};
}

Result<void> Closure::add_reference(const PackageReference& reference, PackageId package, const Reason& reason) {
  const std::string file = package_id(catalog_.packages()[package].identity) + ".mum";
  if (reference.kind == PackageReference::Kind::package) {
    if (const auto id = catalog_.find_package(reference.identity)) return add_package(*id, "", reason);
  } else if (const auto id = catalog_.find(reference.identity)) {
    add_member(*id, reason);
    return {};
  }
  conflicts_.push_back({{file, reference.line, 0},
                        "cannot install " + to_string(reference.identity) + ": no feed has it",
                        {"package " + catalog_.packages()[package].identity.name + " names it"}});
  return {};
}

void Closure::add_member(ComponentId id, const Reason& reason) {
  if (omitted_.contains(id)) {
    skipped_.insert({reason.from, catalog_.components()[id].identity.name, std::string(kOmittedReason)});
    return;
  }
  if (is_excluded(id)) {
    report_excluded(id, reason);
    return;
  }
  auto& reasons = reasons_[id];
  if (reasons.empty()) queue_.push_back(id);
  if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(reason);
}

Result<void> Closure::expand(ComponentId id) {
  WINNOW_TRY(const ComponentManifest* manifest, catalog_.manifest(id));
  for (const ComponentDependency& dependency : manifest->dependencies) follow_dependency(id, dependency);
  const bool soft = request_.policy == NeedsPolicy::all;
  WINNOW_TRY(const std::vector<BinaryNeeds>* needs, catalog_.needs(id, soft));
  const CatalogComponent& component = catalog_.components()[id];
  for (std::size_t i = 0; i < component.files.size(); ++i)
    follow_binary((*needs)[i], component.files[i].path, id, {}, soft);
  return {};
}

void Closure::follow_dependency(ComponentId id, const ComponentDependency& dependency) {
  const CatalogComponent& component = catalog_.components()[id];
  const Place place{catalog_.manifest_file(id), dependency.line, 0};
  const Reason reason{ReasonKind::dependency, id, component.identity.name, "depends on", place};
  if (dependency.resources || dependency.identity.language == "*") {
    follow_languages(id, dependency, reason);
    return;
  }
  if (dependency.type == DependencyType::prerequisite) {
    prerequisites_[id].emplace_back(dependency, to_string(place));
    return;
  }
  if (const auto found = catalog_.find(dependency.identity)) {
    add_member(*found, reason);
    return;
  }
  Fault fault{
      place, "cannot install " + component.identity.name + ": no feed has " + to_string(dependency.identity), {}};
  for (const ComponentId other : catalog_.components_named(dependency.identity.name)) {
    fault.notes.push_back("found " + to_string(catalog_.components()[other].identity));
  }
  conflicts_.push_back(std::move(fault));
}

void Closure::follow_languages(ComponentId id, const ComponentDependency& dependency, const Reason& reason) {
  for (const ComponentId candidate : catalog_.components_named(dependency.identity.name)) {
    const AssemblyIdentity& identity = catalog_.components()[candidate].identity;
    const bool chosen =
        std::any_of(request_.languages.begin(), request_.languages.end(),
                    [&](const std::string& wanted) { return ascii_iequals(wanted, identity.language); });
    Reason step = reason;
    step.kind = ReasonKind::language;
    step.need = "has " + identity.language + " resources in";
    if (chosen && candidate != id && !is_excluded(candidate)) add_member(candidate, step);
  }
}

void Closure::follow_binary(const BinaryNeeds& needs, const WindowsPath& path, std::optional<ComponentId> by,
                            const Place& place, bool soft) {
  const std::string from = by ? std::string(path.name()) : drive_path(path);
  const auto follow = [&](const std::string& module, ReasonKind kind, const char* verb, bool hard) {
    if (lookup_.is_own_runtime(needs, module)) return;
    const ModuleNeed need{module, std::string(path.name()), path.parent(), !by.has_value()};
    follow_module(need, {kind, by, from, verb + module, place}, hard && !module.starts_with("ext-"));
  };
  for (const std::string& module : needs.imports) follow(module, ReasonKind::import, "imports ", true);
  if (!soft) return;
  for (const std::string& module : needs.delay_imports)
    follow(module, ReasonKind::delay_import, "delay-imports ", false);
  for (const std::string& module : needs.named) follow(module, ReasonKind::named, "names ", false);
}

void Closure::follow_module(const ModuleNeed& need, const Reason& reason, bool hard) {
  const Lookup lookup = lookup_.find(need);
  if (lookup.kind == Lookup::Kind::app) return;
  const auto provider = std::find_if(lookup.providers.begin(), lookup.providers.end(),
                                     [this](ComponentId id) { return !is_excluded(id); });
  if (provider != lookup.providers.end()) {
    if (reason.by == *provider) return;  // a component whose files need one another
    if (lookup.contract) add_api_set_schema(reason);
    Reason step = reason;
    if (lookup.contract) step.need += " (" + lookup.module + ")";
    add_member(*provider, step);
    return;
  }
  if (!hard) {
    skipped_.insert({reason.from, need.module, lookup.providers.empty() ? "no feed has it" : "it is excluded"});
    return;
  }
  if (lookup.providers.empty()) {
    report_missing(need, lookup, reason);
  } else {
    report_excluded(lookup.providers.front(), reason);
  }
}

void Closure::add_api_set_schema(const Reason& reason) {
  const auto schema = catalog_.api_set_component();
  if (schema && reason.by != schema) add_member(*schema, reason);
}

void Closure::report_missing(const ModuleNeed& need, const Lookup& lookup, const Reason& reason) {
  const std::string what =
      lookup.kind == Lookup::Kind::no_host ? "the API-set schema gives it no host" : "no feed has it";
  Fault fault{reason.place, "cannot resolve module \"" + lookup.module + "\": " + what, {}};
  fault.notes.push_back("needed by " + reason.from + (lookup.contract ? " as " + need.module : ""));
  const std::string nearest = catalog_.nearest_module(lookup.module);
  if (!nearest.empty()) fault.notes.push_back("nearest name: " + nearest);
  conflicts_.push_back(std::move(fault));
}

void Closure::report_excluded(ComponentId id, const Reason& reason) {
  const std::string& name = catalog_.components()[id].identity.name;
  conflicts_.push_back({excluded_.at(id),
                        "cannot leave out " + name + ": " + reason.from + " " + reason.need +
                            (reason.need.ends_with("for") || reason.need.ends_with("on") ? " it" : ""),
                        {"drop the exclusion, or what needs it"}});
}

void Closure::check_prerequisites() {
  for (const auto& [id, wanted] : prerequisites_) {
    for (const auto& [dependency, place] : wanted) {
      const auto found = catalog_.find(dependency.identity);
      if (found && (reasons_.contains(*found) || omitted_.contains(*found))) continue;
      conflicts_.push_back({{place, 0, 0},
                            "cannot install " + catalog_.components()[id].identity.name + ": its prerequisite " +
                                to_string(dependency.identity) + " is not in the image",
                            {found ? "ask for it by name: a prerequisite is never pulled in" : "no feed has it"}});
    }
  }
}

}  // namespace winnow
