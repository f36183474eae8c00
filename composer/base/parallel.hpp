// Work on all cores. Results never depend on the number of threads: each index writes only its own slot.
#pragma once

#include <cstddef>
#include <functional>

namespace winnow {

// Number of threads to use: the cores this process may run on.
[[nodiscard]] unsigned core_count();

// Calls `work(i)` for every i in [0, count), in any order, on up to core_count() threads; returns when all are done.
// An exception from `work` is rethrown here (the first by index).
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace winnow
