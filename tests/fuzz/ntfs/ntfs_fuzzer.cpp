// libFuzzer target over the disk check. Build with clang++ -fsanitize=fuzzer,address; seeds and past findings are in
// corpus/, which unit_disk_check replays.
#include <cstddef>
#include <cstdint>

#include "fuzz/ntfs/ntfs_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)winnow::testing::check_edited({data, size});
  return 0;
}
