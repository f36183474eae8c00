// Replays the fuzzer's corpus.
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "fuzz/layer/layer_target.hpp"

namespace winnow {
namespace {

TEST(LayerCorpus, IsCheckedWithoutHarm) {
  const std::filesystem::path folder = std::filesystem::path(WINNOW_SOURCE_DIR) / "tests/fuzz/layer/corpus";
  const auto listed = list_tree(folder).value();
  EXPECT_FALSE(listed.empty());
  for (const DirectoryEntry& entry : listed) {
    SCOPED_TRACE(entry.path);
    EXPECT_GT(testing::check_anything(read_file(folder / entry.path, 1 << 20).value()), 0u);
  }
}

}  // namespace
}  // namespace winnow
