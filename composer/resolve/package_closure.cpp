#include "resolve/package_closure.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/parallel.hpp"
#include "base/utf16.hpp"

namespace winnow {

namespace {

// Everything that a request can reach by name, whatever is applicable: the part of the catalog that servicing has to
// look at. Names, not identities, so that messages can say which versions there are.
class ReachableManifests {
 public:
  explicit ReachableManifests(const Catalog& catalog) : catalog_(catalog) {}

  Result<ServicingRepository> read(const ServicingRequest& request) {
    for (const auto* packages : {&request.packages, &request.updates}) {
      for (const std::string& package : *packages) want_package(package.substr(0, package.find('~')));
    }
    while (!packages_.empty() || !components_.empty()) {
      WINNOW_CHECK(read_packages());
      WINNOW_CHECK(read_components());
    }
    return ServicingRepository::of(std::move(found_packages_), std::move(found_components_));
  }

 private:
  void want_package(const std::string& name) {
    if (!package_names_.insert(ascii_lower(name)).second) return;
    for (const PackageId id : catalog_.packages_named(name)) {
      if (is_windows_package(catalog_, id) && seen_packages_.insert(id).second) packages_.push_back(id);
    }
  }
  void want_component(const std::string& name) {
    if (!component_names_.insert(ascii_lower(name)).second) return;
    for (const ComponentId id : catalog_.components_named(name)) {
      if (catalog_.feeds()[catalog_.components()[id].feed].kind == FeedKind::media) components_.push_back(id);
    }
  }

  Result<void> read_packages() {
    const std::vector<PackageId> wave = std::exchange(packages_, {});
    std::vector<Result<const PackageManifest*>> read(wave.size(), nullptr);
    parallel_for(wave.size(), [&](std::size_t i) { read[i] = catalog_.package_manifest(wave[i]); });
    for (std::size_t i = 0; i < wave.size(); ++i) {
      WINNOW_TRY(const PackageManifest* manifest, read[i]);
      const CatalogPackage& package = catalog_.packages()[wave[i]];
      found_packages_.push_back({*manifest, catalog_.feeds()[package.feed].store->manifest_name(package)});
      for (const PackageUpdate& update : manifest->updates) {
        for (const PackageReference& reference : update.references) {
          const bool is_package = reference.kind == PackageReference::Kind::package;
          is_package ? want_package(reference.identity.name) : want_component(reference.identity.name);
        }
      }
    }
    return {};
  }

  Result<void> read_components() {
    const std::vector<ComponentId> wave = std::exchange(components_, {});
    std::vector<Result<const ComponentManifest*>> read(wave.size(), nullptr);
    parallel_for(wave.size(), [&](std::size_t i) { read[i] = catalog_.manifest(wave[i]); });
    for (std::size_t i = 0; i < wave.size(); ++i) {
      WINNOW_TRY(const ComponentManifest* manifest, read[i]);
      found_components_.push_back({*manifest, catalog_.manifest_file(wave[i])});
      for (const ComponentDependency& dependency : manifest->dependencies) want_component(dependency.identity.name);
    }
    return {};
  }

  const Catalog& catalog_;
  std::vector<PackageId> packages_;      // to be read
  std::vector<ComponentId> components_;  // to be read
  std::set<PackageId> seen_packages_;
  std::set<std::string> package_names_, component_names_;
  std::vector<ServicedPackage> found_packages_;
  std::vector<ServicedComponent> found_components_;
};

Fault missing_fault(const MissingReference& missing) {
  Fault fault{missing.askers.front().place, "cannot install " + to_string(missing.wanted) + ": no feed has it", {}};
  for (const Version& version : missing.found) {
    fault.notes.push_back("found " + to_string(version) + ", wanted " + to_string(missing.wanted.version));
  }
  for (const Asker& asker : missing.askers) fault.notes.push_back(asker.name + " names it");
  return fault;
}

// The parts of an update that the base has installed which no feed has, taken out of `missing`. Error when something is
// added to that base.
Result<void> forgive_installed(const ServicingRequest& request, std::vector<MissingReference>& missing) {
  const auto is_in = [](const std::vector<std::string>& ids, const std::string& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  std::set<std::string> installed, incomplete;
  for (const std::string& update : request.updates) {
    if (is_in(request.installed, update)) installed.insert(update.substr(0, update.find('~')));
  }
  std::erase_if(missing, [&](const MissingReference& row) {
    const bool is_part = row.kind == PackageReference::Kind::package &&
                         std::all_of(row.askers.begin(), row.askers.end(),
                                     [&](const Asker& asker) { return installed.contains(asker.name); });
    if (is_part) incomplete.insert(row.askers.front().name);
    return is_part;
  });
  Diagnostics faults;
  for (const std::string& package : request.packages) {
    if (is_in(request.installed, package)) continue;
    for (const std::string& update : incomplete) {
      faults.add({},
                 "cannot add package " + package.substr(0, package.find('~')) + ": update " + update +
                     " must be applied again over it",
                 {"give its file with --servicing-package"});
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

std::vector<std::string> notes_of(const ServicingRepository& repository, const ServicingClosure& closure) {
  std::vector<std::string> notes;
  for (const FeatureState& feature : closure.features) {
    notes.push_back("feature " + feature.name + " is " + (feature.is_on ? "on" : "off") + ": " + feature.why);
  }
  for (const InapplicablePackage& row : closure.inapplicable) {
    const std::string name = repository.packages()[row.package].manifest.identity.name;
    for (const std::string& reason : row.reasons) notes.push_back("package " + name + " is not applicable: " + reason);
  }
  for (const DroppedComponent& row : closure.dropped) {
    notes.push_back(to_string(repository.components()[row.component].manifest.identity) +
                    " is left out: its prerequisite " + to_string(row.prerequisite) + " is not there");
  }
  for (const ComponentIndex loser : closure.losers) {
    notes.push_back(to_string(repository.components()[loser].manifest.identity) +
                    " is superseded: a newer one is there");
  }
  return notes;
}

}  // namespace

bool is_windows_package(const Catalog& catalog, PackageId id) {
  return catalog.feeds()[catalog.packages()[id].feed].kind == FeedKind::media;
}

Result<PackageClosure> close_packages(const Catalog& catalog, const ServicingRequest& request) {
  WINNOW_TRY(const ServicingRepository repository, ReachableManifests(catalog).read(request));
  WINNOW_TRY(ServicingClosure closure, close_servicing(repository, request));
  WINNOW_CHECK(forgive_installed(request, closure.missing));
  const auto component = [&](ComponentIndex index) {
    return catalog.find(repository.components()[index].manifest.identity).value();
  };
  PackageClosure result;
  for (const PackageIndex index : closure.packages) {
    result.packages.push_back(catalog.find_package(repository.packages()[index].manifest.identity).value());
  }
  for (const ComponentIndex index : closure.components) result.components.push_back(component(index));
  const std::set<ComponentIndex> losers(closure.losers.begin(), closure.losers.end());
  for (const NamedComponent& row : closure.named) {
    if (losers.contains(row.component)) continue;
    result.named.push_back({component(row.component), row.asker.name, row.asker.place});
  }
  for (const DroppedComponent& row : closure.dropped) result.left_out.push_back(component(row.component));
  for (const ComponentIndex index : closure.losers) result.superseded.push_back(component(index));
  for (auto* ids : {&result.components, &result.left_out, &result.superseded}) std::sort(ids->begin(), ids->end());
  std::sort(result.packages.begin(), result.packages.end());
  result.notes = notes_of(repository, closure);
  for (const PackageIndex index : closure.unchecked) {
    const PackageManifest& manifest = repository.packages()[index].manifest;
    result.unchecked.push_back("package " + manifest.identity.name + " asks for servicing stack " +
                               to_string(manifest.servicing_stack->version) +
                               " or later: none is in the image, so this is not checked");
  }
  for (const MissingReference& row : closure.missing) result.missing.push_back(missing_fault(row));
  return result;
}

Result<std::vector<ComponentId>> updated_components(const Catalog& catalog, const ServicingRequest& request) {
  ServicingRequest updates;
  updates.updates = request.updates;
  WINNOW_TRY(const ServicingRepository repository, ReachableManifests(catalog).read(updates));
  std::map<std::string, Version> newest;  // of a family
  for (const ServicedComponent& component : repository.components()) {
    const AssemblyIdentity& identity = component.manifest.identity;
    Version& version = newest[family_key(identity)];
    version = std::max(version, identity.version);
  }
  std::vector<ComponentId> updated;
  for (ComponentId id = 0; id < catalog.components().size(); ++id) {
    const AssemblyIdentity& identity = catalog.components()[id].identity;
    if (!ascii_iequals(identity.version_scope, "nonSxS")) continue;
    const auto family = newest.find(family_key(identity));
    if (family != newest.end() && identity.version < family->second) updated.push_back(id);
  }
  return updated;
}

}  // namespace winnow
