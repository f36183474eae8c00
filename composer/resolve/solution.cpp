#include "resolve/solution.hpp"

#include <algorithm>

namespace winnow {

std::string_view to_string(ReasonKind kind) {
  switch (kind) {
    case ReasonKind::product:
      return "product";
    case ReasonKind::role:
      return "role";
    case ReasonKind::feature:
      return "feature";
    case ReasonKind::component:
      return "component";
    case ReasonKind::dependency:
      return "dependency";
    case ReasonKind::language:
      return "language";
    case ReasonKind::import:
      return "import";
    case ReasonKind::delay_import:
      return "delay-import";
    case ReasonKind::named:
      return "named";
    case ReasonKind::recommended:
      return "recommended";
  }
  return "";
}

bool is_binary_need(ReasonKind kind) {
  return kind == ReasonKind::import || kind == ReasonKind::delay_import || kind == ReasonKind::named;
}

const Member* Solution::find(ComponentId id) const {
  const auto it = std::lower_bound(members.begin(), members.end(), id,
                                   [](const Member& member, ComponentId wanted) { return member.id < wanted; });
  return it != members.end() && it->id == id ? &*it : nullptr;
}

std::vector<ChainStep> chain_to(const Solution& solution, ComponentId id) {
  std::vector<ChainStep> chain;
  for (std::optional<ComponentId> at = id; at; at = chain.back().reason.by) {
    chain.push_back({solution.find(*at)->reasons.front(), *at});
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

}  // namespace winnow
