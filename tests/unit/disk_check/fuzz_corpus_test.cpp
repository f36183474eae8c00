// Replays the fuzzer's corpus, and throws random damage at a sound volume.
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "fuzz/ntfs/ntfs_target.hpp"

namespace winnow {
namespace {

TEST(NtfsCorpus, IsCheckedWithoutHarm) {
  const std::filesystem::path folder = std::filesystem::path(WINNOW_SOURCE_DIR) / "tests/fuzz/ntfs/corpus";
  const auto listed = list_tree(folder).value();
  EXPECT_FALSE(listed.empty());
  for (const DirectoryEntry& entry : listed) {
    SCOPED_TRACE(entry.path);
    EXPECT_GT(testing::check_edited(read_file(folder / entry.path, 1 << 20).value()), 0u);
  }
}

// Bytes of the metadata area, which comes first, get random values: every run is checked to its end.
TEST(NtfsCorpus, RandomDamageIsCheckedToTheEnd) {
  constexpr std::size_t kRounds = 12;
  std::uint64_t state = 42;
  const auto next = [&](std::size_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>((state >> 33) % below);
  };
  for (std::size_t round = 0; round < kRounds; ++round) {
    Bytes volume = testing::fuzzed_volume();
    for (std::size_t i = 0; i < std::size_t{60} << round % 6; ++i) {
      volume[512 + next(volume.size() - 512)] = static_cast<std::uint8_t>(next(256));
    }
    EXPECT_GT(check_disk_bytes(volume).violations.size(), 0u) << round;
  }
}

}  // namespace
}  // namespace winnow
