// Which limits of a budget file to change, so that they are what the images have.
#pragma once

#include <string>
#include <vector>

#include "size_analyzer/budget_check.hpp"

namespace winnow {

struct LimitChange {
  Place place;  // of the attribute `limit`
  std::string scope;
  ByteCount before = 0;
  ByteCount after = 0;
};

// `ratchet`: each limit that is higher than what the largest of the report's images has, lowered to that. Otherwise:
// each broken limit, raised to it. A limit that several images share follows the largest. In the order of the file.
[[nodiscard]] std::vector<LimitChange> limit_changes(const BudgetReport& report, bool ratchet);

// "budget.xml:4:13: the whole image: limit 90,000,000 -> 84,123,456" a line.
[[nodiscard]] std::string print_limit_changes(const std::vector<LimitChange>& changes);

}  // namespace winnow
