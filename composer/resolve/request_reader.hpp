// A Request looked up in a Catalog: what is demanded, by whom, and which components would meet it; what must stay out.
// Nothing is chosen here.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "resolve/component_needs.hpp"
#include "resolve/request.hpp"
#include "resolve/solution.hpp"
#include "servicing/servicing_closure.hpp"

namespace winnow {

struct Demand {
  ReasonKind kind = ReasonKind::role;
  ComponentNeed need;
};

inline constexpr std::string_view kExcluded = "is excluded";
struct Forbidden {
  std::string text;  // kExcluded, "is not version 2.0, which is pinned"
  Place place;
};

// In an order of their own: how the request lists things decides nothing.
struct Demands {
  std::vector<Demand> items;  // products, roles, features, components, then the app's binaries
  std::map<ComponentId, Forbidden> forbidden;
  std::set<ComponentId> omitted;
  std::vector<SkippedNeed> skipped;  // the app's binaries that nothing can load
};

// Components of that name, and those that bring the module of that name; none when nobody knows it.
[[nodiscard]] std::vector<ComponentId> named_or_bringing(const Catalog& catalog, const std::string& name);
// The known component that a misspelt name most likely stands for, else the known module; "" when there is none.
[[nodiscard]] std::string nearest_named_or_bringing(const Catalog& catalog, const std::string& name);
// Keeps those for the image's architecture, and of these those without a language, each where there are any.
void keep_fitting(const Catalog& catalog, std::string_view architecture, std::vector<ComponentId>& ids);

// The components that the request excludes, and where it says so.
[[nodiscard]] std::map<ComponentId, Place> excluded_components(const Request& request, const Catalog& catalog);

// The roles and features that are Windows' own packages, as servicing asks for them; what nobody knows is left to
// read_request().
[[nodiscard]] Result<ServicingRequest> servicing_request(const Request& request, const Catalog& catalog);

// Errors (input): a role, feature, component, exclusion or omission nobody knows, all of them, with the nearest name; a
// feed that cannot be read.
[[nodiscard]] Result<Demands> read_request(const Request& request, const Catalog& catalog, const NeedReader& reader);

}  // namespace winnow
