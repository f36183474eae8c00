// Why an owner appeared, vanished or has other bytes than before: the rules 6 and 7 of blame.hpp.
#pragma once

#include <string>
#include <vector>

#include "size_analyzer/blame.hpp"

namespace winnow {

// One for each of FactsDiff::owners; the row of nobody has an `unknown` that is not to be used for layers (rule 5).
[[nodiscard]] std::vector<PieceCause> owner_causes(const ImageFacts& before, const ImageFacts& after,
                                                   const FactsDiff& diff);

[[nodiscard]] bool has_provenance(const ImageFacts& facts);
// "component Wine-a.dll", "update Package_for_KB1", "app shop", "winnow", "unclaimed bytes"
[[nodiscard]] std::string subject_of(const OwnerDiff& owner);

}  // namespace winnow
