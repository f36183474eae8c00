#include "resolve/explain/wider_choice.hpp"

#include <utility>

#include "resolve/request_reader.hpp"

namespace winnow {

Result<Choice> widen_choice(const Request& request, const Catalog& catalog, const std::set<ComponentId>& more,
                            const MinimizeOptions& options) {
  WINNOW_TRY(const ApiSetSchema* api_sets, catalog.api_sets());
  const std::map<ComponentId, Place> excluded = excluded_components(request, catalog);
  const NeedReader reader(request, catalog, *api_sets, excluded);
  WINNOW_TRY(Demands demands, read_request(request, catalog, reader));
  Demand demand;  // for the universe only
  demand.kind = ReasonKind::component;
  demand.need.any_of.assign(more.begin(), more.end());
  demands.items.push_back(std::move(demand));
  WINNOW_TRY(Choice choice, make_choice(request, catalog, demands, reader));
  choice.goal.items.pop_back();
  choice.item_kinds.pop_back();
  choice.problem = make_problem(choice.universe, choice.goal);
  choice.optimum = minimize(choice.problem, options);
  return choice;
}

}  // namespace winnow
