// Questions about a changed request, answered by solving it again: what it would cost, what would leave and come.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "resolve/explain/clash.hpp"
#include "resolve/explain/price.hpp"
#include "resolve/explain/settled.hpp"

namespace winnow {

// A name as the user typed it, and the nodes it means.
struct NamedNodes {
  std::string name;
  std::vector<NodeId> nodes;  // not empty
};

struct WhatIf {
  std::vector<NamedNodes> forbid;  // none of them may be there
  std::vector<std::string> drop;   // GoalItem::what
  std::vector<NamedNodes> add;     // one of each must be there; they become the last items of the goal
};

// Error when nothing asks for what is dropped: "cannot drop "web": …" with the nearest name.
[[nodiscard]] Result<Goal> changed_goal(const Goal& goal, const WhatIf& what);

struct MovedNode {
  NodeId node = 0;
  std::uint64_t bytes = 0;  // its own
};

struct Outcome {
  Verdict verdict = Verdict::unknown;
  std::uint64_t bytes_before = 0, bytes_after = 0;
  Cost change;
  std::vector<MovedNode> leaves, comes;  // canonical order
  std::optional<Clash> clash;            // when it cannot be
};

// `hypothesis`: what of the changed goal is the question.
[[nodiscard]] Outcome try_goal(const Settled& settled, const Goal& changed, const Hypothesis& hypothesis,
                               ComponentCache& cache);
[[nodiscard]] Hypothesis hypothesis_of(const WhatIf& what);

// "12,288 -> 16,384 allocated bytes (+4,096)", then what leaves and comes; or why it cannot be. Ends in a line end.
[[nodiscard]] std::string outcome_text(const Settled& settled, const Outcome& outcome);
[[nodiscard]] std::string print_what_if(const Settled& settled, const WhatIf& what, const Outcome& outcome);
[[nodiscard]] Json outcome_json(const Settled& settled, const Outcome& outcome);
// Schema "winnow-what-if-1".
[[nodiscard]] Json to_json(const Settled& settled, const WhatIf& what, const Outcome& outcome);

// Each chosen node forbidden on its own.
struct ForbidRow {
  Variable variable = 0;
  Price price;
};
struct ForbidTable {
  std::vector<ForbidRow> rows;   // the dearest first; those that no solution is without are not among them
  std::vector<Variable> forced;  // those
};

[[nodiscard]] ForbidTable forbid_each(const Settled& settled, ComponentCache& cache);
[[nodiscard]] std::string print_forbid_table(const Settled& settled, const ForbidTable& table);
// Schema "winnow-what-if-table-1".
[[nodiscard]] Json to_json(const Settled& settled, const ForbidTable& table);

}  // namespace winnow
