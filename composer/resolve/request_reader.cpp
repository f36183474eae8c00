#include "resolve/request_reader.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"

namespace winnow {

namespace {

std::vector<NamedRequest> sorted(std::vector<NamedRequest> requests) {
  std::sort(requests.begin(), requests.end(), [](const NamedRequest& a, const NamedRequest& b) {
    return std::tie(a.name, a.place) < std::tie(b.name, b.place);
  });
  return requests;
}

ReasonKind reason_kind(NeedKind kind) {
  switch (kind) {
    case NeedKind::delay_import:
      return ReasonKind::delay_import;
    case NeedKind::named:
      return ReasonKind::named;
    default:
      return ReasonKind::import;
  }
}

// The first package that has a selectable update of that name.
Result<std::optional<PackageId>> package_of_feature(const std::string& name, const Catalog& catalog) {
  for (PackageId id = 0; id < catalog.packages().size(); ++id) {
    WINNOW_TRY(const PackageManifest* manifest, catalog.package_manifest(id));
    const auto is_meant = [&](const PackageUpdate& update) {
      return update.selectable && ascii_iequals(update.name, name);
    };
    if (std::any_of(manifest->updates.begin(), manifest->updates.end(), is_meant)) return id;
  }
  return std::nullopt;
}

class RequestReader {
 public:
  RequestReader(const Request& request, const Catalog& catalog) : request_(request), catalog_(catalog) {}

  Result<Demands> read(const NeedReader& reader) {
    add_exclusions();
    add_pins();
    add_omissions();
    WINNOW_CHECK(add_products());
    WINNOW_CHECK(add_roles());
    WINNOW_CHECK(add_features());
    add_windows();
    add_components();
    if (!faults_.empty()) return fail(std::move(faults_).error());
    WINNOW_CHECK(add_app_modules(reader));
    return std::move(demands_);
  }

 private:
  void add_exclusions() {
    for (const auto& [id, place] : excluded_components(request_, catalog_)) {
      demands_.forbidden.try_emplace(id, Forbidden{std::string(kExcluded), place});
    }
    for (const NamedRequest& exclusion : sorted(request_.exclusions)) {
      if (!named_or_bringing(catalog_, exclusion.name).empty()) continue;
      faults_.add(exclusion.place,
                  "cannot exclude \"" + exclusion.name + "\": no component and no module has that name",
                  did_you_mean(nearest_named_or_bringing(catalog_, exclusion.name)));
    }
  }

  void add_pins() {
    for (const PinnedVersion& pin : request_.pins) {
      const std::vector<ComponentId> ids = catalog_.components_named(pin.name);
      const auto version_of = [&](ComponentId id) { return to_string(catalog_.components()[id].identity.version); };
      if (std::any_of(ids.begin(), ids.end(), [&](ComponentId id) { return version_of(id) == pin.version; })) {
        for (const ComponentId id : ids) {
          if (version_of(id) == pin.version) continue;
          demands_.forbidden.try_emplace(id,
                                         Forbidden{"is not version " + pin.version + ", which is pinned", pin.place});
        }
        continue;
      }
      std::vector<std::string> notes;
      for (const ComponentId id : ids) notes.push_back("found " + to_string(catalog_.components()[id].identity));
      if (ids.empty()) notes = did_you_mean(catalog_.nearest_component(pin.name));
      faults_.add(pin.place, "cannot pin \"" + pin.name + "\" to version " + pin.version + ": no feed has it",
                  std::move(notes));
    }
  }

  void add_omissions() {
    for (const NamedRequest& omission : request_.omissions) {
      const auto ids = catalog_.components_named(omission.name);
      demands_.omitted.insert(ids.begin(), ids.end());
      if (!ids.empty()) continue;
      faults_.add(omission.place, "cannot leave out \"" + omission.name + "\": no feed has a component of that name",
                  did_you_mean(catalog_.nearest_component(omission.name)));
    }
  }

  Result<void> add_products() {
    for (PackageId id = 0; id < catalog_.packages().size(); ++id) {
      const CatalogPackage& package = catalog_.packages()[id];
      if (!package.product) continue;
      ComponentNeed asked;
      asked.what = package.identity.name;
      asked.from = "feed " + catalog_.feeds()[package.feed].name;
      asked.text = "starts every image from";
      WINNOW_CHECK(add_package(id, "", ReasonKind::product, asked));
    }
    return {};
  }

  [[nodiscard]] ComponentNeed asked_for(const std::string& what, const NamedRequest& request) const {
    ComponentNeed asked;
    asked.what = request.name;
    asked.from = request_.app;
    asked.text = "asks for" + (what.empty() ? "" : " " + what + " " + request.name);
    asked.place = request.place;
    return asked;
  }

  Result<void> add_roles() {
    for (const NamedRequest& role : sorted(request_.roles)) {
      const auto packages = catalog_.packages_named(role.name);
      if (packages.empty()) {
        faults_.add(role.place, "cannot resolve role \"" + role.name + "\": no package provides it",
                    did_you_mean(catalog_.nearest_role(role.name)));
        continue;
      }
      if (is_windows_package(catalog_, packages.front())) continue;  // request_.windows
      WINNOW_CHECK(add_package(packages.front(), "", ReasonKind::role, asked_for("role", role)));
    }
    return {};
  }

  Result<void> add_features() {
    for (const NamedRequest& feature : sorted(request_.features)) {
      WINNOW_TRY(const std::optional<PackageId> id, package_of_feature(feature.name, catalog_));
      if (!id) {
        faults_.add(feature.place, "cannot resolve feature \"" + feature.name + "\": no package provides it");
      } else if (!is_windows_package(catalog_, *id)) {
        WINNOW_CHECK(add_package(*id, ascii_lower(feature.name), ReasonKind::feature, asked_for("feature", feature)));
      }
    }
    return {};
  }

  void forbid_version(ComponentId id) {
    demands_.forbidden.try_emplace(id, Forbidden{"is not the version that the packages bring", {}});
  }

  // What Windows' own packages name; what those components depend on follows by itself.
  void add_windows() {
    if (!request_.windows) return;
    for (const PackageMember& member : request_.windows->named) {
      Demand demand{ReasonKind::role, {}};
      demand.need.what = catalog_.components()[member.component].identity.name;
      demand.need.from = member.package;
      demand.need.text = "names";
      demand.need.place = member.place;
      demand.need.any_of.push_back(member.component);
      demands_.items.push_back(std::move(demand));
    }
    for (const Fault& fault : request_.windows->missing) {
      Demand demand{ReasonKind::role, {}};
      demand.need.nobody = fault;
      demand.need.text = "names";
      demands_.items.push_back(std::move(demand));
    }
    demands_.omitted.insert(request_.windows->left_out.begin(), request_.windows->left_out.end());
    for (const ComponentId id : request_.windows->superseded) forbid_version(id);
    for (const ComponentId id : request_.windows->components) {
      const AssemblyIdentity& chosen = catalog_.components()[id].identity;
      if (!ascii_iequals(chosen.version_scope, "nonSxS")) continue;
      for (const ComponentId other : catalog_.components_named(chosen.name)) {
        const AssemblyIdentity& identity = catalog_.components()[other].identity;
        if (identity.version != chosen.version && family_key(identity) == family_key(chosen)) forbid_version(other);
      }
    }
  }

  // Any version will do; those for the image's architecture where there are any, and the neutral language.
  void add_components() {
    for (const NamedRequest& wanted : sorted(request_.components)) {
      std::vector<ComponentId> ids = catalog_.components_named(wanted.name);
      if (ids.empty()) {
        faults_.add(wanted.place, "cannot resolve component \"" + wanted.name + "\": no feed has it",
                    did_you_mean(catalog_.nearest_component(wanted.name)));
        continue;
      }
      keep_fitting(catalog_, request_.architecture, ids);
      Demand demand{ReasonKind::component, asked_for("", wanted)};
      demand.need.any_of = std::move(ids);
      demands_.items.push_back(std::move(demand));
    }
  }

  Result<void> add_app_modules(const NeedReader& reader) {
    std::vector<const AppModule*> modules;
    for (const AppModule& module : request_.modules) modules.push_back(&module);
    std::sort(modules.begin(), modules.end(), [](const auto* a, const auto* b) { return a->path < b->path; });
    for (const AppModule* module : modules) {
      if (reader.is_foreign(*module)) {
        const std::string machine(to_string(module->needs.machine));
        demands_.skipped.push_back({"C:\\" + module->path.text(), "its imports",
                                    "it is for " + machine + ", the image is " + request_.architecture});
      }
      WINNOW_TRY(std::vector<ComponentNeed> needs, reader.needs_of(*module));
      for (ComponentNeed& need : needs) {
        demands_.items.push_back({reason_kind(need.kind), std::move(need)});
      }
    }
    return {};
  }

  Result<void> add_package(PackageId id, const std::string& feature, ReasonKind kind, const ComponentNeed& asked) {
    if (!seen_packages_.emplace(id, feature).second) return {};
    WINNOW_TRY(const PackageManifest* manifest, catalog_.package_manifest(id));
    for (const PackageUpdate& update : manifest->updates) {
      if (update.selectable && ascii_lower(update.name) != feature) continue;
      for (const PackageReference& reference : update.references) {
        WINNOW_CHECK(add_reference(reference, id, kind, asked));
      }
    }
    return {};
  }

  Result<void> add_reference(const PackageReference& reference, PackageId package, ReasonKind kind,
                             const ComponentNeed& asked) {
    Demand demand{kind, asked};
    if (reference.kind == PackageReference::Kind::package) {
      if (const auto id = catalog_.find_package(reference.identity)) return add_package(*id, "", kind, asked);
    } else if (const auto id = catalog_.find(reference.identity)) {
      demand.need.any_of.push_back(*id);
    }
    if (demand.need.any_of.empty()) {
      const AssemblyIdentity& by = catalog_.packages()[package].identity;
      demand.need.nobody = Fault{{package_id(by) + ".mum", reference.line, 0},
                                 "cannot install " + to_string(reference.identity) + ": no feed has it",
                                 {"package " + by.name + " names it"}};
    }
    demands_.items.push_back(std::move(demand));
    return {};
  }

  const Request& request_;
  const Catalog& catalog_;
  Demands demands_;
  std::set<std::pair<PackageId, std::string>> seen_packages_;  // with the feature that was asked of them
  Diagnostics faults_;
};

}  // namespace

std::vector<ComponentId> named_or_bringing(const Catalog& catalog, const std::string& name) {
  std::vector<ComponentId> ids = catalog.components_named(name);
  const auto providers = catalog.providers_of(name);
  ids.insert(ids.end(), providers.begin(), providers.end());
  return ids;
}

std::string nearest_named_or_bringing(const Catalog& catalog, const std::string& name) {
  std::string nearest = catalog.nearest_component(name);
  return nearest.empty() ? catalog.nearest_module(name) : nearest;
}

void keep_fitting(const Catalog& catalog, std::string_view architecture, std::vector<ComponentId>& ids) {
  const auto keep_if_any = [&](auto&& is_wanted) {
    std::vector<ComponentId> kept;
    for (const ComponentId id : ids) {
      if (is_wanted(catalog.components()[id].identity)) kept.push_back(id);
    }
    if (!kept.empty()) ids = std::move(kept);
  };
  keep_if_any([&](const AssemblyIdentity& identity) {
    return identity.architecture == architecture || identity.architecture == "neutral";
  });
  keep_if_any([](const AssemblyIdentity& identity) {
    return identity.language.empty() || ascii_iequals(identity.language, "neutral");
  });
}

namespace {

// Raises what is there, as opposed to bringing something new.
bool is_update(const PackageManifest& manifest) {
  const bool raises = std::any_of(manifest.updates.begin(), manifest.updates.end(), [](const PackageUpdate& update) {
    return update.condition && !update.condition->components.empty();
  });
  return raises || manifest.release_type.ends_with("Update") || manifest.release_type == "Hotfix";
}

}  // namespace

Result<ServicingRequest> servicing_request(const Request& request, const Catalog& catalog) {
  ServicingRequest asked;
  const auto add = [&](std::vector<std::string>& packages, PackageId id) {
    const std::string name = package_id(catalog.packages()[id].identity);
    if (std::find(packages.begin(), packages.end(), name) == packages.end()) packages.push_back(name);
  };
  const auto add_package = [&](PackageId id) { add(asked.packages, id); };
  for (const PackageId id : request.installed) {
    WINNOW_TRY(const PackageManifest* manifest, catalog.package_manifest(id));
    const bool is_replaced = std::any_of(request.updates.begin(), request.updates.end(), [&](PackageId update) {
      const AssemblyIdentity& newer = catalog.packages()[update].identity;
      return newer.name == manifest->identity.name && newer.version > manifest->identity.version;
    });
    if (is_replaced) continue;
    add(is_update(*manifest) ? asked.updates : asked.packages, id);
    add(asked.installed, id);
  }
  asked.features.insert(request.installed_features.begin(), request.installed_features.end());
  for (const PackageId id : request.updates) add(asked.updates, id);
  for (const NamedRequest& role : sorted(request.roles)) {
    const std::vector<PackageId> ids = catalog.packages_named(role.name);
    if (ids.empty() || !is_windows_package(catalog, ids.front())) continue;
    const auto is_neutral = [&](PackageId id) {
      return ascii_iequals(catalog.packages()[id].identity.language, "neutral");
    };
    const auto neutral = std::find_if(ids.begin(), ids.end(), is_neutral);  // newest first
    add_package(neutral == ids.end() ? ids.front() : *neutral);
  }
  for (const NamedRequest& feature : sorted(request.features)) {
    WINNOW_TRY(const std::optional<PackageId> id, package_of_feature(feature.name, catalog));
    if (!id || !is_windows_package(catalog, *id)) continue;
    add_package(*id);
    asked.features.insert(ascii_lower(feature.name));
  }
  asked.all_parents = true;  // who asks for a feature wants it on
  for (const std::string& language : request.languages) asked.languages.insert(ascii_lower(language));
  return asked;
}

std::map<ComponentId, Place> excluded_components(const Request& request, const Catalog& catalog) {
  std::map<ComponentId, Place> excluded;
  for (const NamedRequest& exclusion : sorted(request.exclusions)) {
    for (const ComponentId id : named_or_bringing(catalog, exclusion.name)) excluded.emplace(id, exclusion.place);
  }
  return excluded;
}

Result<Demands> read_request(const Request& request, const Catalog& catalog, const NeedReader& reader) {
  return RequestReader(request, catalog).read(reader);
}

}  // namespace winnow
