#include "resolve/explain/clash_chain.hpp"

#include <algorithm>
#include <set>

#include "resolve/explain/prose.hpp"

namespace winnow {

namespace {

class Chain {
 public:
  Chain(const Universe& universe, const Goal& goal, const Problem& problem, const ClauseGroups& groups,
        const std::vector<GroupId>& clash, std::size_t first_demand)
      : universe_(universe),
        goal_(goal),
        problem_(problem),
        groups_(groups),
        open_(clash),
        first_demand_(first_demand) {}

  ChainedClash run() {
    for (const bool demanded : {false, true}) {
      for (std::size_t i = 0; i < open_.size();) {
        const GroupId id = open_[i];
        const bool is_root = group(id).kind == ClauseKind::request && is_demand(id) == demanded;
        if (!is_root) {
          ++i;
          continue;
        }
        take(id);
        i = 0;
      }
    }
    std::stable_partition(open_.begin(), open_.end(), [this](GroupId id) { return !group(id).founded; });
    while (!open_.empty()) take(open_.front());  // what no request leads to; foundings sum up the others
    return std::move(done_);
  }

 private:
  [[nodiscard]] const ClauseGroup& group(GroupId id) const { return groups_.groups()[id]; }
  [[nodiscard]] const Clause& clause(GroupId id) const { return problem_.clauses[group(id).clauses.front()]; }
  [[nodiscard]] bool is_demand(GroupId id) const {
    return group(id).kind == ClauseKind::request && clause(id).source >= first_demand_;
  }
  [[nodiscard]] std::string name(Variable variable) const { return name_of(universe_, problem_, variable); }

  // Says what the group says, then what follows from it.
  void take(GroupId id) {
    std::erase(open_, id);
    if (!is_demand(id)) {
      done_.steps.push_back(step(id));
      done_.order.push_back(id);
    }
    last_.clear();
    if (group(id).founded || !is_need(group(id).kind)) return;
    const std::vector<Variable> targets = targets_of(problem_, clause(id));
    if (!is_demand(id)) last_ = targets;
    for (const Variable target : targets) {
      is_there_.insert(target);
      take_closing();
      take_needs_of(target);
    }
  }
  static bool is_need(ClauseKind kind) {
    return kind == ClauseKind::request || kind == ClauseKind::need || kind == ClauseKind::gate;
  }

  // Groups that forbid what is there by now.
  void take_closing() {
    for (std::size_t i = 0; i < open_.size();) {
      const GroupId id = open_[i];
      if (!is_need(group(id).kind) && all_there(id)) {
        take(id);
      } else {
        ++i;
      }
    }
  }
  [[nodiscard]] bool all_there(GroupId id) const {
    if (group(id).kind == ClauseKind::one_version) return versions_there(id).size() == versions_named(id);
    for (const Literal literal : problem_.literals_of(clause(id))) {
      if (!is_there_.contains(variable_of(literal))) return false;
    }
    return true;
  }
  // Of a group of versions, those that the clash is about: the others are not brought by any of its clauses.
  [[nodiscard]] std::set<Variable> versions_of(GroupId id) const {
    std::set<Variable> versions;
    for (const std::uint32_t index : group(id).clauses) {
      for (const Literal literal : problem_.literals_of(problem_.clauses[index])) versions.insert(variable_of(literal));
    }
    return versions;
  }
  [[nodiscard]] std::set<Variable> versions_there(GroupId id) const {
    std::set<Variable> there;
    for (const Variable version : versions_of(id)) {
      if (is_there_.contains(version)) there.insert(version);
    }
    return there;
  }
  [[nodiscard]] std::size_t versions_named(GroupId id) const {
    std::set<Variable> named = versions_there(id);
    const std::set<Variable> versions = versions_of(id);
    for (const GroupId other : open_) {
      if (!is_need(group(other).kind) || group(other).founded) continue;
      for (const Variable target : targets_of(problem_, clause(other))) {
        if (versions.contains(target)) named.insert(target);
      }
    }
    return named.size();
  }

  void take_needs_of(Variable by) {
    for (std::size_t i = 0; i < open_.size();) {
      const GroupId id = open_[i];
      const bool needs = !group(id).founded &&
                         (group(id).kind == ClauseKind::need || group(id).kind == ClauseKind::gate) &&
                         variable_of(problem_.literals_of(clause(id)).front()) == by;
      if (!needs) {
        ++i;
        continue;
      }
      take(id);
      i = 0;
    }
  }

  [[nodiscard]] bool follows(Variable subject) const { return last_.size() == 1 && last_.front() == subject; }

  [[nodiscard]] ClashStep step(GroupId id) const {
    if (group(id).founded) {
      const Variable variable = *group(id).founded;
      const std::string text = "nothing else brings " + name(variable);
      return {"", text, {}, false, text};
    }
    const auto literals = problem_.literals_of(clause(id));
    switch (group(id).kind) {
      case ClauseKind::request:
        return need_step(id, false);
      case ClauseKind::need:
      case ClauseKind::gate:
        return need_step(id, follows(variable_of(literals.front())));
      case ClauseKind::one_version:
        return version_step(id);
      default:
        break;
    }
    const ClauseText text = describe(universe_, goal_, problem_, clause(id));
    std::string predicate = text.text + in_brackets(text.place);
    if (literals.size() == 2) {
      const std::string other = name(variable_of(literals[1]));
      if (text.text.find(other) == std::string::npos) predicate += " -> " + other;
    }
    return {text.from, predicate, text.place, follows(variable_of(literals.front())), text.from + " " + text.text};
  }

  [[nodiscard]] ClashStep need_step(GroupId id, bool follows) const {
    const Statement said = statement_of(universe_, goal_, problem_, clause(id));
    ClashStep made{said.subject, said.predicate + in_brackets(said.place), said.place, follows,
                   said.subject + " " + said.predicate};
    std::vector<std::string> names;
    for (const Variable target : targets_of(problem_, clause(id))) names.push_back(name(target));
    const bool is_gate = group(id).kind == ClauseKind::gate;
    if (names.empty()) {
      const std::string what = what_of(universe_, goal_, clause(id));
      const bool is_there = is_gate && universe_.needs()[clause(id).source].target_count > 0;
      made.predicate += is_there ? ", which nothing brings" : ", which nothing provides";
      made.closing = (is_there ? "nothing brings " : "nothing provides ") + what;
    } else if (names.size() > 1 || said.predicate.find(names.front()) == std::string::npos) {
      made.predicate += " -> " + either(names);
    }
    return made;
  }

  [[nodiscard]] ClashStep version_step(GroupId id) const {
    std::vector<std::string> names;
    for (const Variable version : versions_there(id)) names.push_back(name(version));
    const std::string all = both(names, names.size());
    const std::string text = names.size() == 2 ? all + " cannot both be there" : "only one can be there of " + all;
    return {"", text, {}, false, text};
  }

  const Universe& universe_;
  const Goal& goal_;
  const Problem& problem_;
  const ClauseGroups& groups_;
  std::vector<GroupId> open_;
  std::size_t first_demand_;
  std::set<Variable> is_there_;
  std::vector<Variable> last_;  // what the last step brought
  ChainedClash done_;
};

}  // namespace

ChainedClash chain_clash(const Universe& universe, const Goal& goal, const Problem& problem, const ClauseGroups& groups,
                         const std::vector<GroupId>& clash, std::size_t first_demand) {
  return Chain(universe, goal, problem, groups, clash, first_demand).run();
}

}  // namespace winnow
