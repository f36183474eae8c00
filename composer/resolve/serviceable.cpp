#include "resolve/serviceable.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/utf16.hpp"

namespace winnow {

namespace {

bool is_of_media(const Catalog& catalog, ComponentId id) {
  return catalog.feeds()[catalog.components()[id].feed].kind == FeedKind::media;
}

// Which packages bring a component, each with how many components it brings, read once.
class PackageContents {
 public:
  explicit PackageContents(const Catalog& catalog) : catalog_(catalog) {}

  // Fewest components first, then by identity.
  Result<std::vector<PackageId>> packages_with(const std::vector<ComponentId>& any_of) {
    WINNOW_CHECK(read());
    std::vector<std::pair<std::size_t, PackageId>> order;
    for (const auto& [id, parts] : contents_) {
      if (std::any_of(any_of.begin(), any_of.end(),
                      [&, &all = parts](ComponentId part) { return all.contains(part); })) {
        order.emplace_back(parts.size(), id);
      }
    }
    std::sort(order.begin(), order.end());
    std::vector<PackageId> packages;
    for (const auto& [size, id] : order) packages.push_back(id);
    return packages;
  }

 private:
  Result<void> read() {
    if (!contents_.empty()) return {};
    for (PackageId id = 0; id < catalog_.packages().size(); ++id) {
      if (!is_windows_package(catalog_, id)) continue;
      WINNOW_TRY(const PackageManifest* manifest, catalog_.package_manifest(id));
      std::vector<AssemblyIdentity> queue;
      for (const PackageUpdate& update : manifest->updates) {
        for (const PackageReference& reference : update.references) {
          if (reference.kind != PackageReference::Kind::package) queue.push_back(reference.identity);
        }
      }
      WINNOW_CHECK(add_parts(id, std::move(queue)));
    }
    return {};
  }
  Result<void> add_parts(PackageId package, std::vector<AssemblyIdentity> queue) {
    std::set<ComponentId>& parts = contents_[package];
    while (!queue.empty()) {
      const auto id = catalog_.find(queue.back());
      queue.pop_back();
      if (!id || !parts.insert(*id).second) continue;
      WINNOW_TRY(const ComponentManifest* manifest, catalog_.manifest(*id));
      for (const ComponentDependency& dependency : manifest->dependencies) {
        if (dependency.type == DependencyType::install) queue.push_back(dependency.identity);
      }
    }
    return {};
  }

  const Catalog& catalog_;
  std::map<PackageId, std::set<ComponentId>> contents_;
};

std::vector<ComponentId> loose_components(const Solution& solution, const Request& request, const Catalog& catalog) {
  std::vector<ComponentId> loose;
  for (const Member& member : solution.members) {
    if (!is_of_media(catalog, member.id)) continue;
    const bool is_packaged = request.windows && std::binary_search(request.windows->components.begin(),
                                                                   request.windows->components.end(), member.id);
    if (!is_packaged) loose.push_back(member.id);
  }
  return loose;
}

// The component's family: an update may bring a newer version only where an older one is.
std::vector<ComponentId> versions_of(ComponentId id, const Catalog& catalog) {
  std::vector<ComponentId> versions;
  const AssemblyIdentity& identity = catalog.components()[id].identity;
  for (const ComponentId other : catalog.components_named(identity.name)) {
    const AssemblyIdentity& candidate = catalog.components()[other].identity;
    if (other == id || (identity.version_scope == "nonSxS" && family_key(candidate) == family_key(identity))) {
      versions.push_back(other);
    }
  }
  return versions;
}

// Adds a package that brings the component, in any version, and closes with those there are.
Result<void> add_package_of(const Member& member, Request& request, ServicingRequest& asked, const Catalog& catalog,
                            PackageContents& contents) {
  const std::vector<ComponentId> versions = versions_of(member.id, catalog);
  WINNOW_TRY(const std::vector<PackageId> packages, contents.packages_with(versions));
  const auto brings = [&](const PackageClosure& closure) {
    return std::any_of(versions.begin(), versions.end(), [&](ComponentId version) {
      return std::binary_search(closure.components.begin(), closure.components.end(), version);
    });
  };
  std::vector<std::string> notes;
  for (const PackageId id : packages) {
    // One that is there already leaves it out, and would for ever.
    const bool is_there =
        request.windows && std::binary_search(request.windows->packages.begin(), request.windows->packages.end(), id);
    if (is_there) {
      notes.push_back("package " + catalog.packages()[id].identity.name + " leaves it out");
      continue;
    }
    ServicingRequest larger = asked;
    larger.packages.push_back(package_id(catalog.packages()[id].identity));
    Result<PackageClosure> closure = close_packages(catalog, larger);
    if (closure && brings(*closure)) {
      asked = std::move(larger);
      request.windows = std::move(*closure);
      return {};
    }
    notes.push_back(closure ? "package " + catalog.packages()[id].identity.name + " leaves it out"
                            : closure.error().faults().front().message);
  }
  const std::string name = to_string(catalog.components()[member.id].identity);
  if (packages.empty()) notes.emplace_back("no package of the media brings it");
  notes.push_back(member.reasons.front().from + " " + member.reasons.front().need);
  notes.emplace_back("without --serviceable the image is made of components, not of packages");
  return fail(member.reasons.front().place,
              "cannot keep the image serviceable: " + name +
                  " belongs to no package that "
                  "can be installed",
              std::move(notes));
}

}  // namespace

Result<Decision> decide_serviceable(Request& request, ServicingRequest& asked, const Catalog& catalog,
                                    const DecideOptions& options) {
  PackageContents contents(catalog);
  for (;;) {
    WINNOW_TRY(Decision decision, decide(request, catalog, options));
    const auto* solution = std::get_if<Solution>(&decision.resolution);
    if (solution == nullptr) return decision;
    const std::vector<ComponentId> loose = loose_components(*solution, request, catalog);
    if (loose.empty()) return decision;
    for (const ComponentId id : loose) {
      const bool is_packaged = request.windows && std::binary_search(request.windows->components.begin(),
                                                                     request.windows->components.end(), id);
      if (is_packaged) continue;  // a package of this round brought it
      WINNOW_CHECK(add_package_of(*solution->find(id), request, asked, catalog, contents));
    }
  }
}

}  // namespace winnow
