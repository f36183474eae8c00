// LLVMFuzzerTestOneInput over the closure of Windows' packages; corpus/ is replayed by unit_servicing.
#include "fuzz/servicing/servicing_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  winnow::testing::close_anything({data, size});
  return 0;
}
