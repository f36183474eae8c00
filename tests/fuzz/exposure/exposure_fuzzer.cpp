// libFuzzer target over the readers of security update documents (CVRF XML, CVRF JSON, CSAF) and the tag map.
#include "fuzz/exposure/exposure_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  winnow::testing::check_exposure_input({data, size});
  return 0;
}
