// LLVMFuzzerTestOneInput over everything that takes an archive apart; corpus/ is replayed by unit_payload.
//   clang++ -std=c++20 -fsanitize=fuzzer,address,undefined -Icomposer tests/fuzz/archive/archive_fuzzer.cpp
//     composer/payload/*.cpp composer/base/*.cpp -larchive -ldeflate -lcrypto …
#include "fuzz/archive/archive_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  winnow::testing::unpack_anything({data, size});
  return 0;
}
