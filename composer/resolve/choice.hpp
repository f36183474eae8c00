// What was decided, in the solver's terms: the universe that the request can reach, the goal, the question for the
// solver and its answer. Whatever explains, prices or proves a choice starts here.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "resolve/component_needs.hpp"
#include "resolve/goal.hpp"
#include "resolve/minimize.hpp"
#include "resolve/problem.hpp"
#include "resolve/request.hpp"
#include "resolve/request_reader.hpp"
#include "resolve/solution.hpp"
#include "resolve/universe.hpp"

namespace winnow {

struct Choice {
  Universe universe;
  std::vector<ComponentId> components;  // by NodeId
  Goal goal;
  std::vector<ReasonKind> item_kinds;  // by index into Goal::items
  Problem problem;
  Optimum optimum;

  // The node of a component, if the request can reach it.
  [[nodiscard]] std::optional<NodeId> node_of(ComponentId component) const;
};

// The question: everything but `optimum`. `cache`: where universes are kept; empty = nowhere.
[[nodiscard]] Result<Choice> make_choice(const Request& request, const Catalog& catalog, const Demands& demands,
                                         const NeedReader& reader, const std::filesystem::path& cache = {});

// The chosen components, each with its reasons in breadth-first order, so that the first one is on a shortest chain.
// Precondition: the optimum has a solution.
[[nodiscard]] Solution solution_of(const Choice& choice, const Catalog& catalog, const Demands& demands);

// What stands in the way of any solution whatever is chosen: needs that nobody meets, exclusions and prerequisites on
// ways without an alternative. Empty when the reasons lie deeper.
[[nodiscard]] Result<std::vector<Fault>> plain_faults(const Choice& choice, const Catalog& catalog,
                                                      const Demands& demands, const NeedReader& reader);

}  // namespace winnow
