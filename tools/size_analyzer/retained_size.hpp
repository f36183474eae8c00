// What an owner really costs: the bytes that leave the image with it, because nothing else keeps them in. Three
// questions, answered over the graph of OwnerFacts::needs:
// - retained: what is only there because of X (the subtree of X in the tree of dominators);
// - a cut: what taking some owners out frees together, takes with them and breaks;
// - the cheapest cuts: those that break least, then those that free most.
// The graph starts at what the request names and at owners nobody needs; of an image that says no needs each owner
// keeps only itself.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

struct Retained {
  OwnerIndex owner = kNobody;
  Sizes own;                      // of its files and its parts of others; without what it shares
  Sizes retained;                 // of it and of `takes`
  OwnerIndex kept_by = kNobody;   // the nearest owner without which it would not be there; kNobody: the image itself
  std::vector<OwnerIndex> takes;  // all that leaves with it, sorted; without itself
};

// One for each component and app, in order of retained bytes of `measure`, then of name. Cooper, Harvey and Kennedy's
// algorithm; contents that several owners share leave with the last of them.
[[nodiscard]] std::vector<Retained> retained_sizes(const ImageFacts& facts, Measure measure);

// Somebody who stays and needs somebody who goes.
struct BrokenNeed {
  OwnerIndex from = kNobody;  // kNobody: the request itself
  OwnerIndex to = kNobody;
  std::string kind;  // OwnerNeed::kind; "request"
  std::string text;
};

struct Cut {
  std::vector<OwnerIndex> removed;  // as asked for, sorted
  std::vector<OwnerIndex> takes;    // what goes with them, sorted
  Sizes freed;                      // files, with what only they share
  Sizes registry;                   // values and keys; hives shrink by whole bins only
  std::vector<BrokenNeed> breaks;   // sorted by from, to, text
  std::size_t hard = 0;             // of `breaks`: imports, dependencies and requests; the others are used on demand
};

// The union of them, which may free more than their sum.
[[nodiscard]] Cut measure_cut(const ImageFacts& facts, std::vector<OwnerIndex> removed);
// Owners by name, compared without case. Error "cannot cut <name>: no owner of <image> has that name".
[[nodiscard]] Result<std::vector<OwnerIndex>> find_owners(const ImageFacts& facts,
                                                          const std::vector<std::string>& names);
// Of one component each: fewest hard needs broken first, then most bytes of `measure` freed, then name.
[[nodiscard]] std::vector<Cut> cheapest_cuts(const ImageFacts& facts, Measure measure, std::size_t most = 10);

}  // namespace winnow
