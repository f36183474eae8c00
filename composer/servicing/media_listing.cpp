#include "servicing/media_listing.hpp"

#include <map>
#include <set>
#include <utility>

namespace winnow {

namespace {

using Kind = PackageReference::Kind;

// What listing keeps of a component's manifest.
struct Part {
  ListedComponent row;
  std::vector<AssemblyIdentity> installs;
};
struct Package {
  ListedPackage row;
  std::vector<AssemblyIdentity> installs;
  std::vector<ListedFeature> features;
};

class MediaLister {
 public:
  void take(PackageSet set) {
    for (SetPackage& package : set.packages) take_package(package, set.name);
    for (SetComponent& component : set.components) take_component(component, set.name);
  }
  void add_fault(const Error& error) {
    listing_.faults.insert(listing_.faults.end(), error.faults().begin(), error.faults().end());
  }
  void add_states(const std::vector<InstalledPackage>& installed) {
    listing_.has_states = true;
    for (const InstalledPackage& package : installed) {
      auto [place, is_new] = packages_.try_emplace(package_id(package.identity));
      ListedPackage& row = place->second.row;
      row.state = package.state;
      if (!is_new) continue;
      row.identity = package.identity;
      row.has_manifest = false;
    }
  }
  MediaListing finish() && {
    for (auto& [id, package] : packages_) {
      add_payload(package);
      for (ListedFeature& feature : package.features) listing_.features.push_back(std::move(feature));
    }
    std::map<AssemblyIdentity, ListedPackage> packages;
    for (auto& [id, package] : packages_) packages.emplace(package.row.identity, std::move(package.row));
    for (auto& [identity, row] : packages) listing_.packages.push_back(std::move(row));
    std::map<AssemblyIdentity, ListedComponent> components;
    for (auto& [key, part] : components_) components.emplace(part.row.identity, std::move(part.row));
    for (auto& [identity, row] : components) listing_.components.push_back(std::move(row));
    return std::move(listing_);
  }

 private:
  void take_package(const SetPackage& package, const std::string& set) {
    const PackageManifest& manifest = package.manifest;
    const std::string id = package_id(manifest.identity);
    auto [place, is_new] = packages_.try_emplace(id);
    if (!is_new) return;
    Package& out = place->second;
    out.row.identity = manifest.identity;
    out.row.release_type = manifest.release_type;
    out.row.display_name = manifest.display_name;
    out.row.file = set + "/" + package.file;
    for (const PackageUpdate& update : manifest.updates) {
      for (const PackageReference& reference : update.references) {
        if (reference.kind != Kind::package) out.installs.push_back(reference.identity);
      }
      if (!update.selectable) continue;
      out.features.push_back({update.name, id, update.display_name, update.on_by_default,
                              update.condition ? update.condition->updates : std::vector<std::string>()});
    }
  }
  void take_component(const SetComponent& component, const std::string& set) {
    auto [place, is_new] = components_.try_emplace(key_form(component.manifest.identity));
    if (!is_new) return;
    Part& part = place->second;
    part.row.identity = component.manifest.identity;
    part.row.is_deployment = component.manifest.is_deployment;
    part.row.file = set + "/" + component.file;
    for (const std::optional<SetFile>& file : component.payload) {
      ++part.row.files;
      if (file) {
        part.row.payload += file->content.size();
      } else {
        ++part.row.missing_files;
      }
    }
    for (const ComponentDependency& dependency : component.manifest.dependencies) {
      if (dependency.type == DependencyType::install) part.installs.push_back(dependency.identity);
    }
  }
  void add_payload(Package& package) const {
    std::set<const Part*> seen;
    std::vector<AssemblyIdentity> next = package.installs;
    while (!next.empty()) {
      const auto found = components_.find(key_form(next.back()));
      next.pop_back();
      if (found == components_.end() || !seen.insert(&found->second).second) continue;
      const Part& part = found->second;
      ++package.row.components;
      package.row.files += part.row.files;
      package.row.payload += part.row.payload;
      next.insert(next.end(), part.installs.begin(), part.installs.end());
    }
  }

  std::map<std::string, Package> packages_;  // by package id
  std::map<std::string, Part> components_;   // by key form
  MediaListing listing_;
};

}  // namespace

Result<MediaListing> list_media(const Media& media, ByteView dictionary, const HiveKeysReader& read_hive) {
  MediaLister lister;
  bool has_hive = false;
  for (const MediaSet& source : media.sets) {
    has_hive = has_hive || source.software_hive.has_value();
    Result<PackageSet> set = source.read(dictionary);
    if (set) {
      lister.take(std::move(*set));
    } else {
      lister.add_fault(set.error());
    }
  }
  if (has_hive && read_hive) {
    WINNOW_TRY(const std::vector<InstalledPackage> installed, installed_packages(media, read_hive));
    lister.add_states(installed);
  }
  return std::move(lister).finish();
}

}  // namespace winnow
