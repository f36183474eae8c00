// Replays the fuzzer's corpus, and the seeds it grows from, in every test run.
#include <gtest/gtest.h>

#include "fuzz/manifest/manifest_input.hpp"
#include "manifest_testing.hpp"

namespace winnow {
namespace {

TEST(ManifestFuzzCorpus, EveryInputIsReadOrRefused) {
  const std::filesystem::path corpus = std::filesystem::path(WINNOW_SOURCE_DIR) / "tests/fuzz/manifest/corpus";
  const auto entries = list_tree(corpus);
  ASSERT_TRUE(entries) << testing::error_of(entries);
  EXPECT_GE(entries->size(), 10u);
  for (const DirectoryEntry& entry : *entries) {
    const auto bytes = read_file(corpus / entry.path, 1 << 20);
    ASSERT_TRUE(bytes) << testing::error_of(bytes);
    testing::check_manifest_input(*bytes);
  }
}

TEST(ManifestFuzzCorpus, EveryDamageToAManifestIsReadOrRefused) {
  ComponentManifest component = testing::full_component();
  component.registry_keys[1].values.resize(2);
  const std::vector<std::string> seeds = {print_component_manifest(component),
                                          print_package_manifest(testing::full_package()),
                                          print_feed_index(testing::full_index())};
  for (const std::string& seed : seeds) {
    for (std::size_t i = 0; i < seed.size(); i += 29) {
      for (const char c : {'\0', '<', '&', '"', '\xFF'}) {
        std::string damaged = seed;
        damaged[i] = c;
        testing::check_component_input(damaged);
        testing::check_package_input(damaged);
        testing::check_index_input(damaged);
      }
    }
  }
}

}  // namespace
}  // namespace winnow
