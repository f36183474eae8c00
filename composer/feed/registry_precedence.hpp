// Which of two components' values counts when both set the same one, decided once for the whole feed.
#pragma once

#include <cstddef>
#include <vector>

#include "manifest/component_manifest.hpp"

namespace winnow {

struct PrecedenceCounts {
  std::size_t contested_values = 0;  // set by more than one component, to different data
  std::size_t marked = 0;            // settings that were made to yield
};

// `components` in the order in which Wine registers them: a later setting replaces an earlier one unless it is
// keep_existing. The setting that is left at the end loses keep_existing, all other settings of a contested value get
// it, so that any subset of the components agrees with the full registration. If one component appends to a list, all
// append to it.
PrecedenceCounts settle_registry(const std::vector<ComponentManifest*>& components);

}  // namespace winnow
