// STEP 3: the components with the fewest bytes that meet a request, each with its reasons, and the proof that there are
// none with fewer.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "resolve/choice.hpp"
#include "resolve/request.hpp"
#include "resolve/solution.hpp"

namespace winnow {

struct Decision {
  Choice choice;
  Resolution resolution;
};

struct DecideOptions {
  MinimizeOptions minimize;
  std::filesystem::path cache;    // where universes are kept; empty = nowhere
  std::set<std::string> keep;     // to_string() of the identities of a lock file: as few changes of it as possible
  std::set<std::string> release;  // names, lower case, that may change all the same
};

// Rules
// - Product packages are always in. Roles, features and components come from the request.
// - A hard need (static import of the app or of a member, a manifest's dependency) is met by one of all who could meet
//   it: which one is decided by Cost alone. When nobody can, the request is unsatisfiable. A soft need (delay import,
//   ext-… contract, module named in a string) is followed as the policy says and skipped when nobody can meet it.
// - A module name is looked up as the loader does: API-set contracts through the schema; for the app's own modules the
//   folders of the importer and of the entry point first; then System32, then other folders of the feed.
// Errors (input): a role, feature, component, exclusion or pinned version nobody knows, with its place and the nearest
// name; a feed that cannot be read; a limit that came before the first solution; an interrupt.
[[nodiscard]] Result<Decision> decide(const Request& request, const Catalog& catalog,
                                      const DecideOptions& options = {});
[[nodiscard]] Result<Resolution> resolve(const Request& request, const Catalog& catalog);

// The faults of a Solution that is not one: a member without a reason that leads to the request, a need of a member
// that is not met. Empty for every Solution resolve() returns; tests rely on it.
[[nodiscard]] Result<std::vector<Fault>> check_solution(const Request& request, const Catalog& catalog,
                                                        const Solution& solution);

}  // namespace winnow
