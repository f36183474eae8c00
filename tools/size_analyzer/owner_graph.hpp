// Who keeps whom in an image: the graph of OwnerFacts::needs below one root, the image itself (kNobody).
#pragma once

#include <vector>

#include "size_analyzer/image_facts.hpp"

namespace winnow {

class OwnerGraph {
 public:
  // The image keeps what the request names, winnow's own, what nobody needs, and one of each circle that would
  // otherwise hang in the air (the first).
  explicit OwnerGraph(const ImageFacts& facts);

  // By owner: is it still there when `removed` (sorted) are not? The root always is.
  [[nodiscard]] std::vector<bool> reachable_without(const std::vector<OwnerIndex>& removed) const;
  // The nearest owner on every way from the root to `owner`; kNobody: the root.
  [[nodiscard]] OwnerIndex dominator(OwnerIndex owner) const { return dominators_[owner]; }
  // The nearest one on every way to any of `owners`, one of them itself perhaps. Precondition: not empty.
  [[nodiscard]] OwnerIndex common_dominator(const std::vector<OwnerIndex>& owners) const;
  // By owner: all that it dominates, sorted; without itself.
  [[nodiscard]] std::vector<std::vector<OwnerIndex>> dominated() const;

 private:
  void add_circles();
  void visit(OwnerIndex from, std::vector<bool>& seen, std::vector<OwnerIndex>* order) const;
  void find_dominators();
  [[nodiscard]] OwnerIndex nearest_of_both(OwnerIndex a, OwnerIndex b) const;

  std::vector<std::vector<OwnerIndex>> edges_;  // by owner, sorted; [kNobody] = the root's
  std::vector<std::size_t> position_;           // by owner, in post-order: the root's is the highest
  std::vector<OwnerIndex> dominators_;
};

}  // namespace winnow
