// Everything an image consists of, whatever it is written as: the plan's tree, its root, and its registry as hive
// files. Every writer starts here.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

// Sorted by path, so the root comes first and parents come before their children. Contents are shared with the plan.
// Error "cannot write image entry "…": …" when a file lies where a hive belongs, or its folder is missing.
[[nodiscard]] Result<std::vector<TreeEntry>> image_entries(const ImagePlan& plan);

}  // namespace winnow
