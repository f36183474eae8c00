// Why something cannot be: a smallest set of sources that clash, in the order of a chain from the requests to the
// clash, and the smallest changes of the request that would help.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "resolve/goal.hpp"
#include "resolve/problem.hpp"
#include "resolve/universe.hpp"

namespace winnow {

class ClauseGroups;

// "web needs tls (web.mum:3) -> gnutls or openssl", or, when it goes on from what the step before brought, "which needs
// tls …".
struct ClashStep {
  std::string subject;    // "web"
  std::string predicate;  // "needs tls (web.mum:3) -> gnutls or openssl", "is excluded (shop.xml:4)"
  Place place;
  bool follows = false;
  std::string closing;  // the step as the end of it all, without its source: "nothing provides tls", "tls is excluded"
};

// All of it together helps.
struct Repair {
  std::vector<std::string> drop;   // GoalItem::what
  std::vector<std::string> allow;  // names of nodes that are excluded, or not the version that is pinned
};

struct Clash {
  std::vector<ClashStep> steps;
  std::vector<Repair> repairs;        // all of the smallest size; empty: no change of the request is known to help
  std::vector<std::uint32_t> groups;  // what clashes, as ids of ClauseGroups
};

// How many of the last items and of the last exclusions of a goal are a question, not part of the request: no step says
// that such an item is asked for, and no repair takes either back.
struct Hypothesis {
  std::size_t items = 0;
  std::size_t forbidden = 0;
};

// Nothing when the goal can be satisfied.
[[nodiscard]] std::optional<Clash> find_clash(const Universe& universe, const Goal& goal,
                                              const Hypothesis& hypothesis = {});
// The same with the problem and its groups at hand.
[[nodiscard]] std::optional<Clash> find_clash(const Universe& universe, const Goal& goal, const Problem& problem,
                                              ClauseGroups& groups, const Hypothesis& hypothesis);

// Why the goal cannot be satisfied: one fault for each clash that does not come from another one, ten at most. Empty
// when it can be.
[[nodiscard]] std::vector<Fault> explain_unsatisfiable(const Universe& universe, const Goal& goal);

// "because shop asks for web (shop.xml:4), which needs tls (web.mum:3)", "and tls is excluded (shop.xml:9)".
[[nodiscard]] std::vector<std::string> reason_lines(const Clash& clash);
// "drop web, or allow tls"; "" when there is none.
[[nodiscard]] std::string repair_text(const Clash& clash);

}  // namespace winnow
