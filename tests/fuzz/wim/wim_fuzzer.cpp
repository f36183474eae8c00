// LLVMFuzzerTestOneInput over WIM files and the folders in them; corpus/ was made by wimlib-imagex from files of our
// own and is replayed by unit_payload.
#include "fuzz/wim/wim_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  winnow::testing::read_any_wim({data, size});
  return 0;
}
