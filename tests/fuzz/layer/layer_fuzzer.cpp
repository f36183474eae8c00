// libFuzzer target over the layer reader and the hive reader. Build with clang++ -fsanitize=fuzzer,address; seeds and
// past findings are in corpus/, which unit_image replays.
#include <cstddef>
#include <cstdint>

#include "fuzz/layer/layer_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)winnow::testing::check_anything({data, size});
  return 0;
}
