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
    closure.dropped.insert(closure.dropped.end(), dropped_.begin(), dropped_.end());
    closure.other_versions += static_cast<std::uint32_t>(other_versions_.size());
    closure.components.insert(closure.components.end(), members_.begin(), members_.end());
    const std::vector<NamedComponent> rows = named();
    closure.named.insert(closure.named.end(), rows.begin(), rows.end());
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

const AssemblyIdentity* find_stack(const std::vector<AssemblyIdentity>& present, const std::string& name) {
  const AssemblyIdentity* newest = nullptr;
  for (const AssemblyIdentity& identity : present) {
    if (!ascii_iequals(identity.name, name)) continue;
    if (newest == nullptr || newest->version < identity.version) newest = &identity;
  }
  return newest;
}

// Whether the package brings a servicing stack, itself or through one inside it.
bool brings_stack(const ServicingRepository& repository, PackageIndex package, std::set<PackageIndex>& seen) {
  if (!seen.insert(package).second) return false;
  for (const PackageUpdate& update : repository.packages()[package].manifest.updates) {
    for (const PackageReference& reference : update.references) {
      if (ascii_lower(reference.identity.name).starts_with("microsoft-windows-servicingstack")) return true;
      if (reference.kind != PackageReference::Kind::package) continue;
      for (const PackageIndex inner : repository.package_versions(reference.identity)) {
        if (brings_stack(repository, inner, seen)) return true;
      }
    }
  }
  return false;
}

// What the request asks for, in the order in which it is installed: each round over what those before it brought.
class Rounds {
 public:
  Rounds(const ServicingRepository& repository, const ServicingRequest& request)
      : repository_(repository), request_(request) {}

  Result<ServicingClosure> run() {
    WINNOW_CHECK(close_round(request_));
    std::vector<std::string> stacks, others;
    for (const std::string& update : request_.updates) (is_stack(update) ? stacks : others).push_back(update);
    for (std::vector<std::string>* updates : {&stacks, &others}) {
      if (updates->empty()) continue;
      ServicingRequest next = request_;
      next.packages = std::move(*updates);
      next.features.clear();  // the first round's
      for (const PackageIndex id : closure_.packages) next.base.push_back(package_identity(id));
      for (const ComponentIndex id : closure_.components) next.base.push_back(component_identity(id));
      WINNOW_CHECK(close_round(next));
    }
    choose_winners();
    closure_.missing = std::move(missing_).take();
    closure_.conflicts = find_file_conflicts(repository_, closure_.components);
    return std::move(closure_);
  }

 private:
  [[nodiscard]] const AssemblyIdentity& package_identity(PackageIndex id) const {
    return repository_.packages()[id].manifest.identity;
  }
  [[nodiscard]] const AssemblyIdentity& component_identity(ComponentIndex id) const {
    return repository_.components()[id].manifest.identity;
  }
  [[nodiscard]] bool is_stack(const std::string& update) const {
    std::set<PackageIndex> seen;
    for (const PackageIndex id : repository_.packages_named(update.substr(0, update.find('~')))) {
      const bool is_meant =
          update.find('~') == std::string::npos || ascii_iequals(package_id(package_identity(id)), update);
      if (is_meant && brings_stack(repository_, id, seen)) return true;
    }
    return false;
  }

  Result<void> close_round(const ServicingRequest& request) {
    PackageSelection selection(repository_, request, missing_);
    WINNOW_CHECK(selection.run());
    const std::vector<PackageIndex> packages = selection.packages();
    closure_.packages.insert(closure_.packages.end(), packages.begin(), packages.end());
    for (auto& row : selection.inapplicable()) closure_.inapplicable.push_back(std::move(row));
    for (auto& row : selection.features()) closure_.features.push_back(std::move(row));
    closure_.other_versions += selection.other_versions();
    ComponentClosure components(repository_, request, selection.roots());
    components.run();
    components.report(closure_, missing_);
    // The stack that is there before installs; what is installed first is so by the one that it brings.
    std::vector<AssemblyIdentity> present = request.base;
    if (&request == &request_) {
      for (const ComponentIndex id : closure_.components) present.push_back(component_identity(id));
    }
    return check_stack(packages, present);
  }

  Result<void> check_stack(const std::vector<PackageIndex>& packages, const std::vector<AssemblyIdentity>& present) {
    Diagnostics faults;
    for (const PackageIndex id : packages) {
      const ServicedPackage& package = repository_.packages()[id];
      const auto& wanted = package.manifest.servicing_stack;
      if (!wanted) continue;
      const AssemblyIdentity* stack = find_stack(present, wanted->name);
      if (stack == nullptr) {
        closure_.unchecked.push_back(id);
      } else if (stack->version < wanted->version) {
        faults.add({package.file, 0, 0},
                   "cannot install " + to_string(package.manifest.identity) + ": it needs servicing stack " +
                       to_string(wanted->version) + " or later",
                   {"the image has " + to_string(stack->version)});
      }
    }
    if (!faults.empty()) return fail(std::move(faults).error());
    return {};
  }

  // Of each family the newest; components that may lie side by side all.
  void choose_winners() {
    std::vector<ComponentIndex> members = std::exchange(closure_.components, {});
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    std::map<std::string, ComponentIndex> winners;
    for (const ComponentIndex id : members) {
      const AssemblyIdentity& identity = component_identity(id);
      if (identity.version_scope != "nonSxS") {
        closure_.components.push_back(id);
        continue;
      }
      ComponentIndex& winner = winners.try_emplace(family_key(identity), id).first->second;
      if (winner == id) continue;
      const bool is_newer = component_identity(winner).version < identity.version;
      closure_.losers.push_back(is_newer ? std::exchange(winner, id) : id);
    }
    for (const auto& [family, id] : winners) closure_.components.push_back(id);
    for (auto* ids : {&closure_.components, &closure_.losers}) std::sort(ids->begin(), ids->end());
    std::sort(closure_.packages.begin(), closure_.packages.end());
    closure_.packages.erase(std::unique(closure_.packages.begin(), closure_.packages.end()), closure_.packages.end());
    std::sort(closure_.named.begin(), closure_.named.end());
    closure_.named.erase(std::unique(closure_.named.begin(), closure_.named.end()), closure_.named.end());
  }

  const ServicingRepository& repository_;
  const ServicingRequest& request_;
  ServicingClosure closure_;
  MissingReferences missing_;
};

}  // namespace

Result<ServicingClosure> close_servicing(const ServicingRepository& repository, const ServicingRequest& request) {
  return Rounds(repository, request).run();
}

}  // namespace winnow
