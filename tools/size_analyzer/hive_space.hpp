// The room of a registry hive file: what its cells in use take, what is free. Walks the cells, never the tree.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace winnow {

struct HiveSpace {
  ByteCount free_cells = 0;
  ByteCount behind_bins = 0;  // the rest of the file after its last bin
  std::string fault;          // where the cells stop making sense; what lies behind is counted as in use
};

[[nodiscard]] bool looks_like_hive(ByteView bytes);
// Precondition: looks_like_hive().
[[nodiscard]] HiveSpace measure_hive(ByteView bytes);

}  // namespace winnow
