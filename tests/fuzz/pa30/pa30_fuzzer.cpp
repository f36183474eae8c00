// LLVMFuzzerTestOneInput over PA30 deltas; corpus/ was made by tests/support/pa30_builder.hpp and is replayed by
// unit_payload.
#include "fuzz/pa30/pa30_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  winnow::testing::apply_anything({data, size});
  return 0;
}
