#include "resolve/choice.hpp"

#include <algorithm>

namespace winnow {

std::optional<NodeId> Choice::node_of(ComponentId component) const {
  const auto found = std::find(components.begin(), components.end(), component);
  if (found == components.end()) return std::nullopt;
  return static_cast<NodeId>(found - components.begin());
}

}  // namespace winnow
