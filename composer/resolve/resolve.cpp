#include "resolve/resolve.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "resolve/explain/clash.hpp"
#include "resolve/module_lookup.hpp"

namespace winnow {

namespace {

Result<Resolution> unsatisfiable(const Choice& choice, const Catalog& catalog, const Demands& demands,
                                 const NeedReader& reader) {
  WINNOW_TRY(std::vector<Fault> faults, plain_faults(choice, catalog, demands, reader));
  if (faults.empty()) faults = explain_unsatisfiable(choice.universe, choice.goal);
  return Resolution(Unsatisfiable{std::move(faults)});
}

void keep_to(const DecideOptions& options, const Catalog& catalog, Choice& choice) {
  if (options.keep.empty()) return;
  for (NodeId node = 0; node < choice.components.size(); ++node) {
    const AssemblyIdentity& identity = catalog.components()[choice.components[node]].identity;
    if (options.keep.contains(to_string(identity))) choice.goal.keep.insert(node);
    if (options.release.contains(ascii_lower(identity.name))) choice.goal.free_to_change.insert(node);
  }
  choice.problem = make_problem(choice.universe, choice.goal);
}

}  // namespace

Result<Decision> decide(const Request& request, const Catalog& catalog, const DecideOptions& options) {
  WINNOW_TRY(const ApiSetSchema* api_sets, catalog.api_sets());
  const std::map<ComponentId, Place> excluded = excluded_components(request, catalog);
  const NeedReader reader(request, catalog, *api_sets, excluded);
  WINNOW_TRY(const Demands demands, read_request(request, catalog, reader));
  WINNOW_TRY(Choice choice, make_choice(request, catalog, demands, reader, options.cache));
  keep_to(options, catalog, choice);
  choice.optimum = minimize(choice.problem, options.minimize);
  switch (choice.optimum.verdict) {
    case Verdict::optimal:
    case Verdict::feasible: {
      Solution solution = solution_of(choice, catalog, demands);
      return Decision{std::move(choice), std::move(solution)};
    }
    case Verdict::unsatisfiable: {
      WINNOW_TRY(Resolution resolution, unsatisfiable(choice, catalog, demands, reader));
      return Decision{std::move(choice), std::move(resolution)};
    }
    case Verdict::unknown:
      return fail("cannot resolve " + request.app + ": no solution within the limit of conflicts");
    case Verdict::interrupted:
      break;
  }
  return fail("cannot resolve " + request.app + ": interrupted");
}

Result<Resolution> resolve(const Request& request, const Catalog& catalog) {
  WINNOW_TRY(Decision decision, decide(request, catalog));
  return std::move(decision.resolution);
}

namespace {

bool is_selected(const CatalogComponent& component, const ComponentSelector& selector) {
  const auto is_named = [&](const std::string& name) { return ascii_iequals(name, selector.name); };
  const bool has_name = selector.is_capability
                            ? std::any_of(component.provides.begin(), component.provides.end(), is_named)
                            : is_named(component.identity.name);
  return has_name && satisfies(component.identity.version, selector.bounds);
}

void check_relations(const ComponentManifest& manifest, const Member& member, const Catalog& catalog,
                     const Solution& solution, std::vector<Fault>& faults) {
  for (const ComponentRelation& relation : manifest.relations) {
    if (relation.kind == RelationKind::recommended) continue;
    const bool is_conflict = relation.kind == RelationKind::conflict;
    const auto is_meant = [&](ComponentId id) {
      return std::any_of(relation.selectors.begin(), relation.selectors.end(), [&](const ComponentSelector& selector) {
        return is_selected(catalog.components()[id], selector);
      });
    };
    const bool is_there = std::any_of(solution.members.begin(), solution.members.end(), [&](const Member& other) {
      return (!is_conflict || other.id != member.id) && is_meant(other.id);
    });
    if (is_there == is_conflict && solution.omitted.empty()) {
      faults.push_back({{},
                        manifest.identity.name + (is_conflict ? " conflicts with " : " needs ") +
                            to_string(relation.selectors.front()),
                        {}});
    }
  }
}

}  // namespace

Result<std::vector<Fault>> check_solution(const Request& request, const Catalog& catalog, const Solution& solution) {
  WINNOW_TRY(const ApiSetSchema* api_sets, catalog.api_sets());
  const ModuleLookup lookup(request, catalog, *api_sets);
  std::vector<Fault> faults;
  const auto is_settled = [&](ComponentId id) {  // it is there, or left out by force
    return solution.find(id) != nullptr ||
           std::binary_search(solution.omitted.begin(), solution.omitted.end(), catalog.components()[id].identity.name);
  };
  const auto check_imports = [&](const BinaryNeeds& needs, const WindowsPath& path, bool from_app) {
    for (const std::string& module : needs.imports) {
      if (module.starts_with("ext-") || lookup.is_own_runtime(needs, module)) continue;
      const Lookup found = lookup.find({module, std::string(path.name()), path.parent(), from_app});
      const bool met =
          found.kind == Lookup::Kind::app || std::any_of(found.providers.begin(), found.providers.end(), is_settled);
      if (!met) faults.push_back({{}, path.text() + " imports " + module + ", which no member provides", {}});
    }
  };
  for (const AppModule& module : request.modules) {
    if (!lookup.is_foreign(module.needs)) check_imports(module.needs, module.path, true);
  }
  for (const Member& member : solution.members) {
    const CatalogComponent& component = catalog.components()[member.id];
    if (member.reasons.empty()) faults.push_back({{}, component.identity.name + " has no reason", {}});
    WINNOW_TRY(const ComponentManifest* manifest, catalog.manifest(member.id));
    for (const ComponentDependency& dependency : manifest->dependencies) {
      const auto id = catalog.find(dependency.identity);
      const bool exact = !dependency.resources && dependency.identity.language != "*";
      if (exact && (!id || !is_settled(*id))) {
        faults.push_back({{}, component.identity.name + " depends on " + to_string(dependency.identity), {}});
      }
    }
    check_relations(*manifest, member, catalog, solution, faults);
    WINNOW_TRY(const std::vector<BinaryNeeds>* needs, catalog.needs(member.id, false));
    for (std::size_t i = 0; i < needs->size(); ++i) check_imports((*needs)[i], component.files[i].path, false);
  }
  return faults;
}

}  // namespace winnow
