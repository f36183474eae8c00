// The same choice in a universe that also has components which the request cannot reach: for questions about those.
#pragma once

#include <set>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "resolve/choice.hpp"
#include "resolve/request.hpp"

namespace winnow {

// Errors: as of decide(). The optimum is that of the request alone; it may lack a solution.
[[nodiscard]] Result<Choice> widen_choice(const Request& request, const Catalog& catalog,
                                          const std::set<ComponentId>& more, const MinimizeOptions& options = {});

}  // namespace winnow
