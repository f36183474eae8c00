// libFuzzer target over stored reports. Seeds and past findings are in corpus/, which unit_size_analyzer replays.
#include <cstddef>
#include <cstdint>

#include "fuzz/facts/facts_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)winnow::testing::read_report({data, size});
  return 0;
}
