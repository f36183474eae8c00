// Replays the fuzzer's corpus.
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "fuzz/archive/archive_target.hpp"

namespace winnow {
namespace {

TEST(ArchiveCorpus, IsTakenApartWithoutHarm) {
  const std::filesystem::path folder = std::filesystem::path(WINNOW_SOURCE_DIR) / "tests/fuzz/archive/corpus";
  const auto listed = list_tree(folder).value();
  EXPECT_FALSE(listed.empty());
  for (const DirectoryEntry& entry : listed) {
    SCOPED_TRACE(entry.path);
    testing::unpack_anything(read_file(folder / entry.path, 1 << 20).value());
  }
}

}  // namespace
}  // namespace winnow
