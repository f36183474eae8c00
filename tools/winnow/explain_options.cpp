#include "winnow/explain_options.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/nearest_name.hpp"
#include "resolve/explain/wider_choice.hpp"
#include "resolve/request_reader.hpp"

namespace winnow {

namespace {

Result<int> explain(Composition& composition, const std::vector<std::string>& names, const ExplainWork& work) {
  std::vector<std::vector<ComponentId>> components;
  std::set<ComponentId> all;
  bool is_wider = false;
  for (const std::string& name : names) {
    std::vector<ComponentId> ids = named_or_bringing(composition.catalog, name);
    if (ids.empty()) {
      return fail("cannot explain \"" + name + "\": no component and no module of the feeds has that name",
                  did_you_mean(nearest_named_or_bringing(composition.catalog, name)));
    }
    keep_fitting(composition.catalog, composition.request.architecture, ids);
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
