// The owners of an image while it is measured: each has a number from the start, and its final one when all are known.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "size_analyzer/image_facts.hpp"

namespace winnow {

class OwnerTable {
 public:
  OwnerTable();  // holds nobody, number kNobody

  // The number of the owner with this kind, package, name, version and architecture; the first one's other fields stay.
  OwnerIndex add(OwnerFacts owner);
  [[nodiscard]] std::vector<OwnerFacts>& owners() { return owners_; }

  // Gives them to `facts` in their final order and changes every number in it, those in needs too.
  void move_to(ImageFacts& facts) &&;

 private:
  using Key = std::tuple<OwnerType, std::string, std::string, std::string, std::string>;
  std::vector<OwnerFacts> owners_;
  std::map<Key, OwnerIndex> numbers_;
};

}  // namespace winnow
