#include "servicing/media_report.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace winnow {

namespace {

using Kind = PackageReference::Kind;

// What names of manifests and references are compared by: the store's names, which hold all of an identity.
std::string store_name(Kind kind, const AssemblyIdentity& identity) {
  return kind == Kind::package ? package_id(identity) : key_form(identity);
}
std::string family_name(Kind kind, AssemblyIdentity identity) {
  identity.version = {};
  return store_name(kind, identity);
}

class MissingPartFinder {
 public:
  MissingPartFinder(const std::vector<MediaPackage>& packages, const std::vector<MediaComponent>& components)
      : packages_(packages), components_(components) {}

  std::vector<MissingPart> find() {
    for (const MediaPackage& package : packages_) add_present(Kind::package, package.manifest.identity);
    for (const MediaComponent& component : components_) add_present(Kind::component, component.manifest.identity);
    for (const MediaPackage& package : packages_) {
      for (const PackageUpdate& update : package.manifest.updates) {
        for (const PackageReference& reference : update.references) {
          const bool is_package = reference.kind == Kind::package;  // a driver is a component with an INF file
          want(is_package ? Kind::package : Kind::component, reference.identity, package.manifest.identity);
        }
      }
    }
    for (const MediaComponent& component : components_) {
      for (const ComponentDependency& dependency : component.manifest.dependencies) {
        if (dependency.type != DependencyType::install || dependency.resources) continue;
        want(Kind::component, dependency.identity, component.manifest.identity);
      }
    }
    std::vector<MissingPart> parts;
    for (auto& [key, part] : missing_) {
      part.first.wanted_by.assign(part.second.begin(), part.second.end());
      parts.push_back(std::move(part.first));
    }
    return parts;
  }

 private:
  using Key = std::tuple<Kind, AssemblyIdentity>;

  void add_present(Kind kind, const AssemblyIdentity& identity) {
    present_.emplace(kind, store_name(kind, identity));
    versions_[{kind, family_name(kind, identity)}].insert(identity.version);
  }
  void want(Kind kind, const AssemblyIdentity& identity, const AssemblyIdentity& who) {
    if (identity.language == "*" || present_.contains({kind, store_name(kind, identity)})) return;
    auto [place, is_new] = missing_.try_emplace({kind, identity});
    place->second.second.insert(to_string(who));
    if (!is_new) return;
    place->second.first = {kind, identity, {}, {}};
    const auto versions = versions_.find({kind, family_name(kind, identity)});
    if (versions == versions_.end()) return;
    place->second.first.found.assign(versions->second.begin(), versions->second.end());
  }

  const std::vector<MediaPackage>& packages_;
  const std::vector<MediaComponent>& components_;
  std::set<std::pair<Kind, std::string>> present_;
  std::map<std::pair<Kind, std::string>, std::set<Version>> versions_;
  std::map<Key, std::pair<MissingPart, std::set<std::string>>> missing_;
};

class MediaExaminer {
 public:
  MediaExaminer(ByteView dictionary, const TrustPolicy& policy) : dictionary_(dictionary), policy_(policy) {}

  void examine(const MediaSet& source) {
    Result<PackageSet> set = source.read(dictionary_);
    if (!set) return add_faults(set.error().faults());
    PackageSetCheck check = check_package_set(*set, policy_);
    add_faults(check.faults);
    SetReport report{set->name, std::move(check.catalogs), 0, check.files, check.bytes, std::move(set->unclaimed)};
    for (std::size_t i = 0; i < set->packages.size(); ++i) {
      SetPackage& package = set->packages[i];
      add(packages_, std::move(package.manifest), set->name + "/" + package.file, check.package_catalogs[i]);
    }
    for (std::size_t i = 0; i < set->components.size(); ++i) {
      SetComponent& component = set->components[i];
      if (component.was_delta) ++report.deltas;
      add(components_, std::move(component.manifest), set->name + "/" + component.file, check.component_catalogs[i]);
    }
    report_.sets.push_back(std::move(report));
  }
  MediaReport finish() && {
    for (auto& [identity, package] : packages_) report_.packages.push_back(std::move(package));
    for (auto& [identity, component] : components_) report_.components.push_back(std::move(component));
    report_.missing = find_missing_parts(report_.packages, report_.components);
    return std::move(report_);
  }

 private:
  void add_faults(const std::vector<Fault>& faults) {
    report_.faults.insert(report_.faults.end(), faults.begin(), faults.end());
  }
  // One row for one identity; the set is the one that is being read.
  template <class Row, class Manifest>
  void add(std::map<AssemblyIdentity, Row>& rows, Manifest manifest, std::string file, std::string catalog) {
    auto [place, is_new] = rows.try_emplace(manifest.identity);
    Row& row = place->second;
    row.sets.push_back(report_.sets.size());
    if (!is_new && !(row.manifest == manifest)) {
      report_.faults.push_back(
          {{},
           "cannot use " + file + ": another manifest has the identity " + to_string(manifest.identity),
           {"the other is " + row.file}});
    }
    if (!is_new) return;
    count_ignored(manifest.ignored_elements);
    row.manifest = std::move(manifest);
    row.file = std::move(file);
    row.catalog = std::move(catalog);
  }
  void count_ignored(const std::map<std::string, std::uint32_t>& elements) {
    for (const auto& [name, count] : elements) report_.ignored_elements[name] += count;
  }

  ByteView dictionary_;
  const TrustPolicy& policy_;
  MediaReport report_;
  std::map<AssemblyIdentity, MediaPackage> packages_;
  std::map<AssemblyIdentity, MediaComponent> components_;
};

}  // namespace

std::vector<MissingPart> find_missing_parts(const std::vector<MediaPackage>& packages,
                                            const std::vector<MediaComponent>& components) {
  return MissingPartFinder(packages, components).find();
}

MediaReport examine_media(const Media& media, ByteView dictionary, const TrustPolicy& policy) {
  MediaExaminer examiner(dictionary, policy);
  for (const MediaSet& set : media.sets) examiner.examine(set);
  return std::move(examiner).finish();
}

}  // namespace winnow
