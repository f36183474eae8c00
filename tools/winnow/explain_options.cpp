#include "winnow/explain_options.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/utf16.hpp"
#include "resolve/explain/wider_choice.hpp"

namespace winnow {

namespace {

Result<std::vector<ComponentId>> find_components(const Catalog& catalog, const std::string& name) {
  std::vector<ComponentId> ids = catalog.components_named(name);
  const auto providers = catalog.providers_of(name);
  ids.insert(ids.end(), providers.begin(), providers.end());
  if (!ids.empty()) return ids;
  std::string nearest = catalog.nearest_component(name);
  if (nearest.empty()) nearest = catalog.nearest_module(name);
  std::vector<std::string> notes;
  if (!nearest.empty()) notes.push_back("did you mean \"" + nearest + "\"?");
  return fail("cannot explain \"" + name + "\": no component and no module of the feeds has that name",
              std::move(notes));
}

// Those for the image's architecture, and those without a language, where there are any.
void keep_fitting(const Composition& composition, std::vector<ComponentId>& ids) {
  const auto keep_if_any = [&](auto&& fits) {
    std::vector<ComponentId> kept;
    for (const ComponentId id : ids) {
      if (fits(composition.catalog.components()[id].identity)) kept.push_back(id);
    }
    if (!kept.empty()) ids = std::move(kept);
  };
  keep_if_any([&](const AssemblyIdentity& identity) {
    return identity.architecture == composition.request.architecture || identity.architecture == "neutral";
  });
  keep_if_any([](const AssemblyIdentity& identity) {
    return identity.language.empty() || ascii_iequals(identity.language, "neutral");
  });
}

Result<int> explain(Composition& composition, const std::vector<std::string>& names, const ExplainWork& work) {
  std::vector<std::vector<ComponentId>> components;
  std::set<ComponentId> all;
  bool is_wider = false;
  for (const std::string& name : names) {
    WINNOW_TRY(std::vector<ComponentId> ids, find_components(composition.catalog, name));
    keep_fitting(composition, ids);
    for (const ComponentId id : ids) is_wider = is_wider || !composition.choice.node_of(id);
    all.insert(ids.begin(), ids.end());
    components.push_back(std::move(ids));
  }
  if (is_wider) {
    WINNOW_TRY(composition.choice, widen_choice(composition.request, composition.catalog, all));
  }
  const Choice& choice = composition.choice;
  std::vector<NamedNodes> named;
  for (std::size_t i = 0; i < names.size(); ++i) {
    NamedNodes row{names[i], {}};
    for (const ComponentId id : components[i]) row.nodes.push_back(*choice.node_of(id));
    named.push_back(std::move(row));
  }
  if (choice.optimum.chosen.empty()) return fail("cannot explain " + composition.app.name + ": it chooses nothing");
  return work({choice.universe, choice.goal, choice.problem, choice.optimum}, named);
}

}  // namespace

Result<int> with_settled(const ResolveOptions& options, World& world, const std::vector<std::string>& names,
                         const ExplainWork& work) {
  return with_solution(to_compose_options(options, world), world,
                       [&](Composition& composition) { return explain(composition, names, work); });
}

}  // namespace winnow
