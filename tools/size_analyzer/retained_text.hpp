// What retained_size.hpp found, for people and as JSON (schemas "winnow-retained-1", "winnow-cuts-1").
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "size_analyzer/retained_size.hpp"

namespace winnow {

// The first `most` rows. Ends in a line end, as the next.
[[nodiscard]] std::string print_retained(const ImageFacts& facts, const std::vector<Retained>& rows, Measure measure,
                                         std::size_t most);
[[nodiscard]] std::string print_cuts(const ImageFacts& facts, const std::vector<Cut>& cuts);

[[nodiscard]] Json retained_json(const ImageFacts& facts, const std::vector<Retained>& rows);
[[nodiscard]] Json cuts_json(const ImageFacts& facts, const std::vector<Cut>& cuts);

}  // namespace winnow
