// Walks a whole hive once. Every cell a key, list or value uses is claimed, so each has one owner and no walk can go in
// circles.
#pragma once

#include "base/result.hpp"
#include "image/hive/hive_cells.hpp"

namespace winnow {

// Error "cannot read hive: cell <offset>: <reason>" at the first thing that is wrong. Leaves `cells` claimed.
[[nodiscard]] Result<void> check_hive_tree(HiveCells& cells);

}  // namespace winnow
