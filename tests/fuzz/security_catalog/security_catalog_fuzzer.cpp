// LLVMFuzzerTestOneInput over security catalogs; corpus/ was made by tests/support/security_catalog_builder.hpp and is
// replayed by unit_payload.
#include "fuzz/security_catalog/security_catalog_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  winnow::testing::read_any_catalog({data, size});
  return 0;
}
