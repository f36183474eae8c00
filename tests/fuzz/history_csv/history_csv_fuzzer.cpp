// libFuzzer target over recorded sizes as CSV. Seeds and past findings are in corpus/, which unit_size_analyzer
// replays.
#include <cstddef>
#include <cstdint>

#include "fuzz/history_csv/history_csv_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)winnow::testing::read_recorded_sizes({data, size});
  return 0;
}
