// The parts of --json and of an image's provenance that say what was left out, and what is left to do.
#pragma once

#include <vector>

#include "base/json.hpp"
#include "plan/first_boot.hpp"
#include "plan/unapplied_elements.hpp"

namespace winnow {

// [{"element": "migration", "count": 3, "example": "Shell"}]
[[nodiscard]] Json unapplied_json(const UnappliedElements& elements);
// [{"owner": 3, "element": "gac", "subject": "…", "settings": [["managedversion", "2.0.0.0"]]}]
[[nodiscard]] Json first_boot_json(const std::vector<PlannedWork>& work);

}  // namespace winnow
