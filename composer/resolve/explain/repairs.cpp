#include "resolve/explain/repairs.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "resolve/explain/prose.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMostParts = 3;
constexpr std::size_t kMostTries = 200;

// What a user can change in one go: all items that ask for the same thing, or one node that is forbidden.
struct Part {
  std::string drop;
  NodeId allow = kNoNode;

  auto operator<=>(const Part&) const = default;
};
using Parts = std::set<std::size_t>;  // into Search::parts_

Goal without(const Goal& goal, const std::vector<Part>& parts, std::size_t first_demand) {
  Goal changed = goal;
  changed.items.clear();
  for (std::size_t i = 0; i < goal.items.size(); ++i) {
    const bool is_dropped = i < first_demand && std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
                              return part.allow == kNoNode && part.drop == goal.items[i].what;
                            });
    if (!is_dropped) changed.items.push_back(goal.items[i]);
  }
  std::erase_if(changed.forbidden, [&](const GoalForbidden& row) {
    return std::any_of(parts.begin(), parts.end(), [&](const Part& part) { return part.allow == row.node; });
  });
  return changed;
}

// A breadth-first search over hitting sets (Reiter): whatever helps has a part in each clash.
class Search {
 public:
  Search(const Universe& universe, const Goal& goal, const Problem& problem, ClauseGroups& groups,
         const Hypothesis& hypothesis)
      : universe_(universe),
        goal_(goal),
        first_demand_(goal.items.size() - hypothesis.items),
        first_forbidden_(static_cast<std::ptrdiff_t>(goal.forbidden.size() - hypothesis.forbidden)),
        problem_(problem),
        groups_(groups) {
    find_parts();
  }

  std::vector<Repair> run() {
    std::vector<Repair> repairs;
    std::set<Parts> level = {Parts{}};
    for (std::size_t size = 0; size <= kMostParts && repairs.empty(); ++size) {
      std::set<Parts> next;
      for (const Parts& parts : level) {
        if (tries_++ == kMostTries) return {};
        const auto clash = groups_.smallest_clash(groups_without(parts));
        if (groups_.gave_up()) return {};
        if (!clash) {
          if (helps(parts)) repairs.push_back(repair(parts));
          continue;
        }
        for (const std::size_t part : parts_of(*clash)) {
          Parts more = parts;
          more.insert(part);
          next.insert(std::move(more));
        }
      }
      level = std::move(next);
    }
    return repairs;
  }

 private:
  void find_parts() {
    std::map<Part, std::size_t> index;
    part_of_.assign(groups_.groups().size(), kNoPart);
    std::vector<std::pair<std::uint32_t, GroupId>> order;  // by the clause: as the request has them
    for (const GroupId id : groups_.all()) {
      const ClauseGroup& group = groups_.groups()[id];
      if (!group.founded) order.emplace_back(group.clauses.front(), id);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [clause_index, id] : order) {
      const Clause& clause = problem_.clauses[clause_index];
      Part part;
      if (clause.kind == ClauseKind::request && clause.source < first_demand_) {
        part.drop = goal_.items[clause.source].what;
      } else if (clause.kind == ClauseKind::forbidden && !is_demanded(goal_.forbidden[clause.source].node)) {
        part.allow = goal_.forbidden[clause.source].node;
      } else {
        continue;
      }
      const auto [found, is_new] = index.try_emplace(part, parts_.size());
      if (is_new) parts_.push_back(part);
      part_of_[id] = found->second;
    }
  }

  [[nodiscard]] bool is_demanded(NodeId node) const {
    return std::any_of(goal_.forbidden.begin() + first_forbidden_, goal_.forbidden.end(),
                       [&](const GoalForbidden& row) { return row.node == node; });
  }

  [[nodiscard]] std::vector<GroupId> groups_without(const Parts& parts) const {
    std::vector<GroupId> on = groups_.all();
    std::erase_if(on, [&](GroupId id) { return part_of_[id] != kNoPart && parts.contains(part_of_[id]); });
    return on;
  }
  [[nodiscard]] Parts parts_of(const std::vector<GroupId>& clash) const {
    Parts parts;
    for (const GroupId id : clash) {
      if (part_of_[id] != kNoPart) parts.insert(part_of_[id]);
    }
    return parts;
  }
  // Without the request's item, what only it brings is gone too, which the groups do not know.
  [[nodiscard]] bool helps(const Parts& parts) const {
    std::vector<Part> changes;
    for (const std::size_t part : parts) changes.push_back(parts_[part]);
    const Problem changed = make_problem(universe_, without(goal_, changes, first_demand_));
    ClauseGroups groups(universe_, changed);
    return !groups.refute(groups.all()) && !groups.gave_up();
  }
  [[nodiscard]] Repair repair(const Parts& parts) const {
    Repair made;
    for (const std::size_t part : parts) {
      if (parts_[part].allow == kNoNode) {
        made.drop.push_back(parts_[part].drop);
      } else {
        made.allow.push_back(universe_.name_of(parts_[part].allow));
      }
    }
    return made;
  }

  static constexpr std::size_t kNoPart = SIZE_MAX;
  const Universe& universe_;
  const Goal& goal_;
  std::size_t first_demand_;
  std::ptrdiff_t first_forbidden_;
  const Problem& problem_;
  ClauseGroups& groups_;
  std::vector<Part> parts_;
  std::vector<std::size_t> part_of_;  // by GroupId
  std::size_t tries_ = 0;
};

}  // namespace

std::vector<Repair> smallest_repairs(const Universe& universe, const Goal& goal, const Problem& problem,
                                     ClauseGroups& groups, const Hypothesis& hypothesis) {
  return Search(universe, goal, problem, groups, hypothesis).run();
}

}  // namespace winnow
