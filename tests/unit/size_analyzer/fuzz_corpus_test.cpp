// Replays the corpora of the fuzzers over reports and recorded sizes, and damages their seeds.
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "fuzz/facts/facts_target.hpp"
#include "fuzz/history_csv/history_csv_target.hpp"

namespace winnow {
namespace {

// How many of the corpus `read` takes, as they are; every cut and every byte turned over must be survived too.
template <class Reader>
std::size_t replay(const std::string& folder, const Reader& read) {
  const std::filesystem::path corpus = std::filesystem::path(WINNOW_SOURCE_DIR) / "tests/fuzz" / folder / "corpus";
  const auto entries = list_tree(corpus);
  std::size_t taken = 0;
  for (const DirectoryEntry& entry : *entries) {
    const auto bytes = read_file(corpus / entry.path, 1 << 20);
    taken += read(*bytes);
    for (std::size_t size = 0; size < bytes->size(); size += 3) (void)read(ByteView(*bytes).first(size));
    for (std::size_t place = 0; place < bytes->size(); place += 3) {
      Bytes damaged = *bytes;
      damaged[place] ^= static_cast<std::uint8_t>(1U << (place % 8));
      (void)read(damaged);
    }
  }
  return taken;
}

TEST(FuzzCorpus, ReportsAreTakenOrRefused) { EXPECT_EQ(replay("facts", testing::read_report), 2U); }

TEST(FuzzCorpus, RecordedSizesAreTakenOrRefused) { EXPECT_EQ(replay("history_csv", testing::read_recorded_sizes), 3U); }

}  // namespace
}  // namespace winnow
