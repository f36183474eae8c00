#include "resolve/choice.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "resolve/universe_cache.hpp"

namespace winnow {

namespace {

Goal make_goal(const Request& request, const Demands& demands, const std::map<ComponentId, NodeId>& nodes) {
  Goal goal;
  goal.app = request.app;
  for (const Demand& demand : demands.items) {
    GoalItem item{{}, demand.need.from, demand.need.text, demand.need.what, demand.need.place, demand.need.is_soft};
    for (const ComponentId id : demand.need.any_of) item.any_of.push_back(nodes.at(id));
    goal.items.push_back(std::move(item));
  }
  for (const auto& [id, forbidden] : demands.forbidden) {
    const auto node = nodes.find(id);
    if (node != nodes.end()) goal.forbidden.push_back({node->second, forbidden.text, forbidden.place});
  }
  for (const ComponentId id : demands.omitted) goal.omitted.insert(nodes.at(id));
  for (const std::string& language : request.languages) goal.languages.insert(ascii_lower(language));
  goal.recommended = request.recommended;
  goal.follow_soft_needs = request.policy == NeedsPolicy::all;
  goal.measure = request.measure;
  goal.prefer_threshold = request.prefer_threshold;
  return goal;
}

}  // namespace

std::optional<NodeId> Choice::node_of(ComponentId component) const {
  const auto found = std::find(components.begin(), components.end(), component);
  if (found == components.end()) return std::nullopt;
  return static_cast<NodeId>(found - components.begin());
}

Result<Choice> make_choice(const Request& request, const Catalog& catalog, const Demands& demands,
                           const NeedReader& reader, const std::filesystem::path& cache) {
  UniverseRoots roots;
  roots.named = demands.omitted;
  for (const Demand& demand : demands.items) {
    roots.followed.insert(demand.need.any_of.begin(), demand.need.any_of.end());
  }
  WINNOW_TRY(EncodedUniverse encoded, cached_universe(cache, request, catalog, reader, roots));
  Choice choice;
  choice.universe = std::move(encoded.universe);
  choice.components = std::move(encoded.components);
  std::map<ComponentId, NodeId> nodes;
  for (NodeId node = 0; node < choice.components.size(); ++node) nodes.emplace(choice.components[node], node);
  choice.goal = make_goal(request, demands, nodes);
  for (const Demand& demand : demands.items) choice.item_kinds.push_back(demand.kind);
  choice.problem = make_problem(choice.universe, choice.goal);
  return choice;
}

}  // namespace winnow
