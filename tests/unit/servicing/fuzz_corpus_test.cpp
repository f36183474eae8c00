// Replays the corpus of tests/fuzz/servicing, and each input with bytes changed, in every test run.
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "fuzz/servicing/servicing_target.hpp"

namespace winnow {
namespace {

TEST(ServicingFuzzCorpus, EveryInputClosesOrIsRefused) {
  const std::filesystem::path corpus = std::filesystem::path(WINNOW_SOURCE_DIR) / "tests/fuzz/servicing/corpus";
  const auto entries = list_tree(corpus);
  ASSERT_TRUE(entries) << to_string(entries.error());
  EXPECT_GE(entries->size(), 4u);
  for (const DirectoryEntry& entry : *entries) {
    const auto bytes = read_file(corpus / entry.path, 1 << 20);
    ASSERT_TRUE(bytes) << to_string(bytes.error());
    testing::close_anything(*bytes);
    for (std::size_t i = 0; i < bytes->size(); i += 211) {
      Bytes damaged = *bytes;
      damaged[i] = static_cast<std::uint8_t>(i % 2 == 0 ? '"' : damaged[i] + 1);
      testing::close_anything(damaged);
    }
  }
}

}  // namespace
}  // namespace winnow
