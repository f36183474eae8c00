// What why, why-not, what-if and graph have in common: components by name, and a composition as a settled question.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compose/compose.hpp"
#include "resolve/explain/settled.hpp"
#include "resolve/explain/what_if.hpp"
#include "winnow/resolve_options.hpp"

namespace winnow {

// A settled question, with the components that `names` mean as nodes of its universe.
using ExplainWork = std::function<Result<int>(const Settled& settled, const std::vector<NamedNodes>& named)>;

// Resolves, looks up each name (a component's, or that of a module it brings), and calls `work`. Without a Solution:
// prints why and returns kExitUnsatisfiable. Error when no feed has a name, with the nearest one.
[[nodiscard]] Result<int> with_settled(const ResolveOptions& options, World& world,
                                       const std::vector<std::string>& names, const ExplainWork& work);

}  // namespace winnow
