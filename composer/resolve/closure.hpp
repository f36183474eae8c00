// The work of resolve(): a breadth-first closure that remembers why each component came in.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "resolve/module_lookup.hpp"
#include "resolve/request.hpp"
#include "resolve/solution.hpp"

namespace winnow {

class Closure {
 public:
  Closure(const Request& request, const Catalog& catalog, const ApiSetSchema& api_sets)
      : request_(request), catalog_(catalog), lookup_(request, catalog, api_sets) {}

  // Reads the request, follows every need, and ends as a Solution or an Unsatisfiable. Called once.
  [[nodiscard]] Result<Resolution> run();

 private:
  // Request side: names that nobody knows are collected as errors of the input.
  void add_exclusions();
  void add_omissions();
  [[nodiscard]] Result<void> add_products();
  [[nodiscard]] Result<void> add_roles();
  [[nodiscard]] Result<void> add_features();
  void add_components();
  void add_app_modules();
  [[nodiscard]] Result<void> add_package(PackageId id, const std::string& feature, const Reason& reason);
  [[nodiscard]] Result<void> add_reference(const PackageReference& reference, PackageId package, const Reason& reason);

  // Feed side.
  [[nodiscard]] Result<void> expand(ComponentId id);
  void follow_dependency(ComponentId id, const ComponentDependency& dependency);
  void follow_languages(ComponentId id, const ComponentDependency& dependency, const Reason& reason);
  // `by`: the member the binary belongs to; nothing for one of the app's own, which `place` brings.
  void follow_binary(const BinaryNeeds& needs, const WindowsPath& path, std::optional<ComponentId> by,
                     const Place& place, bool soft);
  void follow_module(const ModuleNeed& need, const Reason& reason, bool hard);
  void check_prerequisites();

  void add_member(ComponentId id, const Reason& reason);
  void add_api_set_schema(const Reason& reason);
  void report_missing(const ModuleNeed& need, const Lookup& lookup, const Reason& reason);
  void report_excluded(ComponentId id, const Reason& reason);
  [[nodiscard]] bool is_excluded(ComponentId id) const { return excluded_.contains(id); }

  const Request& request_;
  const Catalog& catalog_;
  ModuleLookup lookup_;
  std::map<ComponentId, std::vector<Reason>> reasons_;
  std::vector<ComponentId> queue_;  // members in the order they came in; expanded front to back
  std::map<ComponentId, Place> excluded_;
  std::set<ComponentId> omitted_;
  std::set<std::pair<PackageId, std::string>> seen_packages_;  // with the feature that was asked of them
  std::map<ComponentId, std::vector<std::pair<ComponentDependency, std::string>>> prerequisites_;
  std::set<SkippedNeed> skipped_;
  Diagnostics input_faults_;
  std::vector<Fault> conflicts_;
};

}  // namespace winnow
