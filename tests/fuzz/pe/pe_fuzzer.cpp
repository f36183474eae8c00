// libFuzzer target over every reader of the binary module. Build with clang++ -fsanitize=fuzzer,address; seeds and past
// findings are in corpus/, which unit_binary replays.
#include <cstddef>
#include <cstdint>

#include "fuzz/pe/pe_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)winnow::testing::read_everything({data, size});
  return 0;
}
