// libFuzzer target over the parsers of composer/manifest:
//   clang++ -std=c++20 -fsanitize=fuzzer,address,undefined -Icomposer -Itests tests/fuzz/manifest/manifest_fuzzer.cpp
//     composer/manifest/*.cpp composer/base/*.cpp -ltinyxml2 -lspdlog -lfmt -lcrypto
#include "fuzz/manifest/manifest_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  winnow::testing::check_manifest_input({data, size});
  return 0;
}
