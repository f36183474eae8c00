// The rows of an exposure report: each vulnerability of a period that affects the chosen products, matched with both
// sides.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "size_analyzer/exposure/exposure_report.hpp"

namespace winnow {

// Patterns of product names. One fits a product, and what runs "on" it: "Windows Server 2016" also chooses "Internet
// Explorer 11 on Windows Server 2016".
[[nodiscard]] bool chooses(const std::vector<std::string>& patterns, const std::string& product);

struct ChosenProducts {
  std::vector<std::string> image;  // patterns, not empty
  std::vector<std::string> baseline;
};

// Adds documents, rows (sorted, no id twice) and warnings to `report`.
void collect_rows(const std::vector<const SecurityDocument*>& documents, const TagMap& tags,
                  const ExposureRequest& request, const ChosenProducts& chosen, ExposureReport& report);

// Gives every row the bulletin it is counted in, and says in `report` what one is: the ids the documents name when
// every row has exactly one; else what has month and tag in common and shares updates.
void group_bulletins(ExposureReport& report, const std::vector<std::vector<std::string>>& named_bulletins);

}  // namespace winnow
