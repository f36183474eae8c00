// The hard clauses of a Problem in groups that are switched on and off one by one, and which of them cannot hold
// together. A group is what one source says: an item of the request, a need, a conflict, an exclusion.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "resolve/problem.hpp"
#include "resolve/solver/sat_solver.hpp"
#include "resolve/universe.hpp"

namespace winnow {

using GroupId = std::uint32_t;

struct ClauseGroup {
  ClauseKind kind = ClauseKind::request;
  std::vector<std::uint32_t> clauses;  // into Problem::clauses; empty for a founding
  // A founding: this node, which a gate names, is there only when something else brings it.
  std::optional<Variable> founded;
};

class ClauseGroups {
 public:
  ClauseGroups(const Universe& universe, const Problem& problem);

  // Requests first, then by their distance from them: chains to a clash are short when far groups are dropped first.
  [[nodiscard]] const std::vector<ClauseGroup>& groups() const { return groups_; }
  [[nodiscard]] std::vector<GroupId> all() const;

  // Some of `on` that cannot hold together, in their order there; nothing when all of `on` can.
  [[nodiscard]] std::optional<std::vector<GroupId>> refute(const std::vector<GroupId>& on);
  // The same, so that without any one of them the others can. Tries the last of `on` first when it drops some.
  [[nodiscard]] std::optional<std::vector<GroupId>> smallest_clash(const std::vector<GroupId>& on);
  // Did an interrupt end a search? Then answers say nothing.
  [[nodiscard]] bool gave_up() const { return gave_up_; }

 private:
  void make_groups(const Universe& universe);
  void sort_by_distance();
  void add_foundings();
  void add_clauses();
  [[nodiscard]] std::vector<std::uint32_t> distances() const;
  [[nodiscard]] Literal selector(GroupId group) const { return positive(first_selector_ + group); }
  [[nodiscard]] std::vector<bool> founded_in_model() const;
  // Excludes the model at hand when it breaks one of the foundings in `on`.
  bool exclude_unfounded(const std::vector<GroupId>& on);
  [[nodiscard]] std::vector<Literal> loop_clause(GroupId group) const;

  const Problem& problem_;
  std::vector<ClauseGroup> groups_;
  Variable first_selector_;
  std::vector<std::vector<Variable>> founders_;  // by node: who can bring it
  SatSolver solver_;
  bool has_foundings_ = false;
  bool gave_up_ = false;
};

}  // namespace winnow
