// STEP 3: the closure of a request over component dependencies and binary needs, each member with its reasons.
#pragma once

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "resolve/request.hpp"
#include "resolve/solution.hpp"

namespace winnow {

// Rules
// - Product packages are always in. Roles, features and components come from the request.
// - A hard need (static import of the app or of a member) that nobody provides, or whose only provider is excluded,
// makes the
//   request unsatisfiable. A soft need (delay import, ext-… contract, module named in a string) is followed as the
//   policy says and skipped when nobody provides it.
// - A module name is looked up as the loader does: API-set contracts through the schema; for the app's own modules the
// folders
//   of the importer and of the entry point first; then System32, then other folders of the feed.
// Errors (input): a role, feature, component or exclusion nobody knows, with its place and the nearest name; a feed
// that cannot be read.
[[nodiscard]] Result<Resolution> resolve(const Request& request, const Catalog& catalog);

// The faults of a Solution that is not one: a member without a reason that leads to the request, a need of a member
// that is not met. Empty for every Solution resolve() returns; tests rely on it.
[[nodiscard]] Result<std::vector<Fault>> check_solution(const Request& request, const Catalog& catalog,
                                                        const Solution& solution);

}  // namespace winnow
