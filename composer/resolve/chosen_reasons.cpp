// solution_of(): why each chosen component is there.
#include <algorithm>
#include <map>
#include <set>

#include "resolve/choice.hpp"

namespace winnow {

namespace {

ReasonKind reason_kind(NeedKind kind) {
  switch (kind) {
    case NeedKind::dependency:
    case NeedKind::gate:
      return ReasonKind::dependency;
    case NeedKind::language:
      return ReasonKind::language;
    case NeedKind::import:
      return ReasonKind::import;
    case NeedKind::delay_import:
      return ReasonKind::delay_import;
    case NeedKind::named:
      return ReasonKind::named;
    case NeedKind::recommended:
      return ReasonKind::recommended;
  }
  return ReasonKind::dependency;
}

class ReasonWriter {
 public:
  ReasonWriter(const Choice& choice, const Catalog& catalog)
      : choice_(choice), catalog_(catalog), is_chosen_(choice.universe.nodes().size()) {
    for (const Variable variable : choice.optimum.chosen) is_chosen_[choice.problem.nodes[variable]] = true;
  }

  Solution write(const std::vector<SkippedNeed>& skipped) {
    skipped_.insert(skipped.begin(), skipped.end());
    for (std::size_t i = 0; i < choice_.goal.items.size(); ++i) {
      const GoalItem& item = choice_.goal.items[i];
      follow(item.any_of, {choice_.item_kinds[i], std::nullopt, item.from, item.text, item.place}, item.is_soft,
             item.what);
    }
    for (std::size_t next = 0; next < queue_.size(); ++next) expand(queue_[next]);
    Solution solution;
    for (auto& [id, reasons] : reasons_) solution.members.push_back({id, std::move(reasons)});
    solution.skipped.assign(skipped_.begin(), skipped_.end());
    for (const NodeId node : choice_.goal.omitted) solution.omitted.push_back(name_of(node));
    std::sort(solution.omitted.begin(), solution.omitted.end());
    return solution;
  }

 private:
  [[nodiscard]] const std::string& name_of(NodeId node) const {
    return catalog_.components()[choice_.components[node]].identity.name;
  }

  void expand(NodeId node) {
    const Universe& universe = choice_.universe;
    for (const UniverseNeed& need : universe.needs_of(node)) {
      if (need.kind == NeedKind::gate) continue;
      if (need.kind == NeedKind::recommended && choice_.goal.recommended == RecommendedPolicy::off) continue;
      const auto targets = universe.targets_of(need);
      if (std::find(targets.begin(), targets.end(), node) != targets.end()) continue;
      const bool is_soft = need.kind == NeedKind::delay_import || need.kind == NeedKind::named;
      Reason reason{reason_kind(need.kind),
                    choice_.components[node],
                    std::string(universe.text(need.from)),
                    std::string(universe.text(need.text)),
                    {std::string(universe.text(need.file)), need.line, 0}};
      follow(targets, reason, is_soft, std::string(universe.text(need.what)));
    }
  }

  // Every chosen target gets the reason; a soft need without one is noted.
  void follow(std::span<const NodeId> targets, const Reason& reason, bool is_soft, const std::string& what) {
    bool is_met = false;
    for (const NodeId node : targets) {
      if (!choice_.goal.omitted.contains(node)) continue;
      skipped_.insert({reason.from, name_of(node), std::string(kOmittedReason)});
      is_met = true;
    }
    if (is_met) return;
    for (const NodeId node : targets) {
      if (!is_chosen_[node]) continue;
      is_met = true;
      auto& reasons = reasons_[choice_.components[node]];
      if (reasons.empty()) queue_.push_back(node);
      if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(reason);
    }
    if (is_soft && !is_met) skipped_.insert({reason.from, what, why_not(targets, what)});
  }

  [[nodiscard]] std::string why_not(std::span<const NodeId> targets, const std::string& what) const {
    const auto is_forbidden = [&](NodeId node) {
      return std::any_of(choice_.goal.forbidden.begin(), choice_.goal.forbidden.end(),
                         [&](const GoalForbidden& row) { return row.node == node; });
    };
    if (targets.empty()) return catalog_.providers_of(what).empty() ? "no feed has it" : "it is excluded";
    return std::all_of(targets.begin(), targets.end(), is_forbidden) ? "it is excluded"
                                                                     : "it cannot stand beside what is chosen";
  }

  const Choice& choice_;
  const Catalog& catalog_;
  std::vector<bool> is_chosen_;  // by NodeId
  std::map<ComponentId, std::vector<Reason>> reasons_;
  std::vector<NodeId> queue_;  // in the order they came in; expanded front to back
  std::set<SkippedNeed> skipped_;
};

}  // namespace

Solution solution_of(const Choice& choice, const Catalog& catalog, const Demands& demands) {
  return ReasonWriter(choice, catalog).write(demands.skipped);
}

}  // namespace winnow
