// Whole packages: a choice that servicing could go on from. Every component of media that is chosen must belong to an
// applicable package that is chosen whole.
#pragma once

#include "base/result.hpp"
#include "resolve/resolve.hpp"

namespace winnow {

// decide(), and again with the packages of what it chose, until every chosen component of media belongs to one.
// `request.windows` must hold what `asked` closes to; both grow. Of several packages the one that brings the fewest
// components, then the first by identity, is taken. Error beside decide()'s: a component that belongs to no package
// that is applicable, with who needs it.
[[nodiscard]] Result<Decision> decide_serviceable(Request& request, ServicingRequest& asked, const Catalog& catalog,
                                                  const DecideOptions& options = {});

}  // namespace winnow
