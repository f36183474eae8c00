// Who keeps whom in an image: the graph of OwnerFacts::needs below one root, the image itself (kNobody).
#pragma once

#include <vector>

#include "base/dominators.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

class OwnerGraph {
 public:
  // The image keeps what the request names, winnow's own, what nobody needs, and one of each circle that would
  // otherwise hang in the air (the first).
  explicit OwnerGraph(const ImageFacts& facts);

  // By owner: is it still there when `removed` (sorted) are not? The root always is.
  [[nodiscard]] std::vector<bool> reachable_without(const std::vector<OwnerIndex>& removed) const;
  // Of the owners; the root is kNobody. Every owner is reached.
  [[nodiscard]] const DominatorTree& dominators() const { return dominators_; }

 private:
  Edges edges_;  // by owner, sorted; [kNobody] = the root's
  DominatorTree dominators_;
};

}  // namespace winnow
