#include "servicing/servicing_closure.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/utf16.hpp"
#include "servicing/package_selection.hpp"

namespace winnow {

namespace {

class ComponentClosure {
 public:
  ComponentClosure(const ServicingRepository& repository, const ServicingRequest& request,
                   const std::vector<ComponentRoot>& roots)
      : repository_(repository), request_(request), roots_(roots) {}

  // The closure without what fell; then what falls of it, until nothing does.
  void run() {
    do {
      close();
    } while (drop());
  }

  void report(ServicingClosure& closure, MissingReferences& missing) const {
    for (const auto& row : missing_) missing.add(row.kind, row.wanted, row.found, row.asker);
    closure.dropped.assign(dropped_.begin(), dropped_.end());
    closure.other_versions += static_cast<std::uint32_t>(other_versions_.size());
    std::map<std::string, ComponentIndex> winners;
    for (const ComponentIndex id : members_) {
      const AssemblyIdentity& identity = identity_of(id);
      if (identity.version_scope != "nonSxS") {
        closure.components.push_back(id);
        continue;
      }
      ComponentIndex& winner = winners.try_emplace(family_key(identity), id).first->second;
      if (winner == id) continue;
      const bool is_newer = identity_of(winner).version < identity.version;
      closure.losers.push_back(is_newer ? std::exchange(winner, id) : id);
    }
    for (const auto& [family, id] : winners) closure.components.push_back(id);
    std::sort(closure.components.begin(), closure.components.end());
    std::sort(closure.losers.begin(), closure.losers.end());
    closure.named = named();
  }

 private:
  struct Missing {
    PackageReference::Kind kind;
    AssemblyIdentity wanted;
    std::vector<Version> found;
    Asker asker;
  };

  [[nodiscard]] std::vector<NamedComponent> named() const {
    std::set<NamedComponent> rows;
    for (const ComponentRoot& root : roots_) {
      const AssemblyIdentity& wanted = root.reference.identity;
      const auto add = [&](ComponentIndex id) {
        if (members_.contains(id)) rows.insert({id, root.asker});
      };
      if (wanted.language == "*") {
        for (const ComponentIndex id : satellites(wanted)) add(id);
      } else if (const auto found = find(wanted).first) {
        add(*found);
      }
    }
    return {rows.begin(), rows.end()};
  }
  [[nodiscard]] const AssemblyIdentity& identity_of(ComponentIndex id) const {
    return repository_.components()[id].manifest.identity;
  }
  [[nodiscard]] bool is_in_base(const AssemblyIdentity& wanted) const {
    return std::any_of(request_.base.begin(), request_.base.end(),
                       [&](const AssemblyIdentity& identity) { return is_same_identity(identity, wanted); });
  }

  void close() {
    members_.clear();
    missing_.clear();
    other_versions_.clear();
    for (const ComponentRoot& root : roots_) follow(root.reference.kind, root.reference.identity, false, root.asker);
    std::vector<ComponentIndex> queue(members_.begin(), members_.end());
    for (std::size_t next = 0; next < queue.size(); ++next) {
      const ServicedComponent& component = repository_.components()[queue[next]];
      for (const ComponentDependency& dependency : component.manifest.dependencies) {
        if (dependency.type == DependencyType::prerequisite) continue;
        const Asker asker{component.manifest.identity.name, {component.file, dependency.line, 0}};
        for (const ComponentIndex id :
             follow(PackageReference::Kind::component, dependency.identity, dependency.resources, asker)) {
          queue.push_back(id);
        }
      }
    }
  }

  // The members that a reference brings and that are new.
  std::vector<ComponentIndex> follow(PackageReference::Kind kind, const AssemblyIdentity& wanted, bool is_resources,
                                     const Asker& asker) {
    std::vector<ComponentIndex> added;
    const auto add = [&](ComponentIndex id) {
      if (!dropped_ids_.contains(id) && members_.insert(id).second) added.push_back(id);
    };
    if (is_resources || wanted.language == "*") {
      for (const ComponentIndex id : satellites(wanted)) add(id);
      return added;
    }
    if (is_in_base(wanted)) return added;
    const auto [found, is_other] = find(wanted);
    if (!found) {
      std::vector<Version> versions;
      for (const ComponentIndex id : repository_.component_versions(wanted)) {
        versions.push_back(identity_of(id).version);
      }
      missing_.push_back({kind, wanted, std::move(versions), asker});
      return added;
    }
    if (is_other) other_versions_.insert(*found);
    add(*found);
    return added;
  }

  [[nodiscard]] std::vector<ComponentIndex> satellites(const AssemblyIdentity& wanted) const {
    std::vector<ComponentIndex> found;
    for (const ComponentIndex id : repository_.components_named(wanted.name)) {
      const AssemblyIdentity& identity = identity_of(id);
      const bool is_version = identity.version == wanted.version || request_.any_version;
      if (is_version && ascii_iequals(identity.architecture, wanted.architecture) &&
          request_.languages.contains(ascii_lower(identity.language))) {
        found.push_back(id);
      }
    }
    return found;
  }

  [[nodiscard]] std::pair<std::optional<ComponentIndex>, bool> find(const AssemblyIdentity& wanted) const {
    const std::vector<ComponentIndex> versions = repository_.component_versions(wanted);
    for (const ComponentIndex id : versions) {
      if (is_same_identity(identity_of(id), wanted)) return {id, false};
    }
    if (versions.empty() || !request_.any_version) return {std::nullopt, false};
    return {versions.back(), true};
  }

  // Components whose prerequisite neither the image nor the closure has, and those whose prerequisite falls with them;
  // a selector over languages is no condition.
  bool drop() {
    struct Waiting {
      ComponentIndex component;
      const ComponentDependency* prerequisite;
    };
    std::map<ComponentIndex, std::vector<Waiting>> waiting;  // for a member
    std::vector<Waiting> falling;
    for (const ComponentIndex id : members_) {
      for (const ComponentDependency& dependency : repository_.components()[id].manifest.dependencies) {
        if (dependency.type != DependencyType::prerequisite || dependency.resources ||
            dependency.identity.language == "*" || is_in_base(dependency.identity)) {
          continue;
        }
        const auto found = find(dependency.identity).first;
        if (found && members_.contains(*found)) {
          waiting[*found].push_back({id, &dependency});
        } else {
          falling.push_back({id, &dependency});
        }
      }
    }
    for (std::size_t next = 0; next < falling.size(); ++next) {
      const auto [id, prerequisite] = falling[next];
      if (!dropped_ids_.insert(id).second) continue;
      dropped_.push_back({id, prerequisite->identity, {repository_.components()[id].file, prerequisite->line, 0}});
      const auto follow = waiting.find(id);
      if (follow != waiting.end()) falling.insert(falling.end(), follow->second.begin(), follow->second.end());
    }
    return !falling.empty();
  }

  const ServicingRepository& repository_;
  const ServicingRequest& request_;
  const std::vector<ComponentRoot>& roots_;
  std::set<ComponentIndex> members_;
  std::set<ComponentIndex> other_versions_;
  std::vector<Missing> missing_;
  std::vector<DroppedComponent> dropped_;
  std::set<ComponentIndex> dropped_ids_;
};

}  // namespace

Result<ServicingClosure> close_servicing(const ServicingRepository& repository, const ServicingRequest& request) {
  MissingReferences missing;
  PackageSelection selection(repository, request, missing);
  WINNOW_CHECK(selection.run());
  ServicingClosure closure;
  closure.packages = selection.packages();
  closure.inapplicable = selection.inapplicable();
  closure.features = selection.features();
  closure.other_versions = selection.other_versions();
  ComponentClosure components(repository, request, selection.roots());
  components.run();
  components.report(closure, missing);
  closure.missing = std::move(missing).take();
  closure.conflicts = find_file_conflicts(repository, closure.components);
  return closure;
}

}  // namespace winnow
