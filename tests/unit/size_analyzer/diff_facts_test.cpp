// What differs between two images, made by hand: which file is which, and that every byte is counted once.
#include "size_analyzer/diff_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>
#include <set>

#include "size_analyzer/blame.hpp"
#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using testing::FactsBuilder;
using ::testing::IsEmpty;

FileFacts file_with(const std::string& path, const std::string& digest, const Sizes& sizes) {
  FileFacts file;
  file.path = path;
  file.digest = digest;
  file.sizes = sizes;
  return file;
}

FactsDiff compare(const FactsBuilder& before, const FactsBuilder& after) {
  auto diff = diff_facts(before.build(), after.build());
  EXPECT_TRUE(diff) << to_string(diff.error());
  return diff ? *diff : FactsDiff{};
}

// "change match old-path -> new-path logical" a row.
std::vector<std::string> rows(const FactsDiff& diff) {
  std::vector<std::string> lines;
  for (const FileDiff& file : diff.files) {
    lines.push_back(std::string(to_string(change_of(file, Measure::logical))) + " by " +
                    std::string(to_string(file.index.match)) + ": " + file.before_path + " -> " + file.after_path +
                    " " + std::to_string(file.change().logical));
  }
  return lines;
}

TEST(DiffFacts, AnImageDoesNotDifferFromItself) {
  FactsBuilder image;
  image.component("base", "Wine-a.dll").file_facts(file_with("Windows/a.dll", "aa", {10, 4096, 5}), "Wine-a.dll");
  const FactsDiff diff = compare(image, image);
  EXPECT_THAT(diff.files, IsEmpty());
  EXPECT_THAT(diff.pieces, IsEmpty());
  EXPECT_EQ(diff.same_files, 1u);
  EXPECT_EQ(diff.before, diff.after);
}

TEST(DiffFacts, FilesAreMatchedByPathThenContentThenOwnerAndName) {
  FactsBuilder before;
  before.component("base", "Wine-a.dll", "8.0");
  before.file_facts(file_with("Windows/grown.dll", "g1", {10, 4096, 5}), "Wine-a.dll");
  before.file_facts(file_with("Windows/GONE.dll", "go", {7, 4096, 5}), "Wine-a.dll");
  before.file_facts(file_with("app/old/moved.dll", "mm", {30, 4096, 5}), "Wine-a.dll");
  before.file_facts(file_with("app/renamed.txt", "rr", {40, 4096, 5}), "");
  before.file_facts(file_with("store/a_8.0/same_name.dll", "s1", {50, 4096, 5}), "Wine-a.dll");
  before.file_facts(file_with("app/empty1", "00", {0, 0, 0}), "");
  FactsBuilder after;
  after.component("base", "Wine-a.dll", "9.0");
  after.file_facts(file_with("WINDOWS/grown.dll", "g2", {15, 4096, 5}), "Wine-a.dll");
  after.file_facts(file_with("app/new/moved.dll", "mm", {30, 4096, 5}), "Wine-a.dll");
  after.file_facts(file_with("app/other.txt", "rr", {40, 4096, 5}), "");
  after.file_facts(file_with("store/a_9.0/same_name.dll", "s2", {45, 4096, 5}), "Wine-a.dll");
  after.file_facts(file_with("app/new.txt", "nn", {3, 4096, 5}), "");
  after.file_facts(file_with("app/empty2", "00", {0, 0, 0}), "");
  EXPECT_THAT(rows(compare(before, after)),
              ElementsAre("grew by path: Windows/grown.dll -> WINDOWS/grown.dll 5",
                          "appeared by none:  -> app/empty2 0", "appeared by none:  -> app/new.txt 3",
                          "moved by content and name: app/old/moved.dll -> app/new/moved.dll 0",
                          "moved by content: app/renamed.txt -> app/other.txt 0",
                          "shrank by owner and name: store/a_8.0/same_name.dll -> store/a_9.0/same_name.dll -5",
                          "vanished by none: Windows/GONE.dll ->  -7", "vanished by none: app/empty1 ->  0"));
}

TEST(DiffFacts, AComponentOfAnotherVersionIsOneRow) {
  FactsBuilder before;
  before.component("base", "Wine-a.dll", "8.0").file("a.dll", "Wine-a.dll", {10, 4096, 5});
  before.component("base", "Wine-gone.dll").file("gone.dll", "Wine-gone.dll", {1, 4096, 1});
  before.app("shop-16").file("app/x", "shop-16", {2, 4096, 2});
  FactsBuilder after;
  after.component("other", "Wine-a.dll", "9.0").file("a.dll", "Wine-a.dll", {10, 4096, 5});
  after.component("base", "Wine-new.dll").file("new.dll", "Wine-new.dll", {4, 4096, 1});
  after.app("shop-18").file("app/x", "shop-18", {2, 4096, 2});
  std::vector<std::string> lines;
  for (const OwnerDiff& owner : compare(before, after).owners) {
    lines.push_back(std::string(to_string(change_of(owner, Measure::logical))) + " " + owner.name + " " +
                    owner.before_version + " -> " + owner.after_version);
  }
  EXPECT_THAT(lines, ElementsAre("same unclaimed  -> ", "appeared Wine-new.dll  -> 1.0", "moved Wine-a.dll 8.0 -> 9.0",
                                 "same shop-18 1.0 -> 1.0", "vanished Wine-gone.dll 1.0 -> "));
}

TEST(DiffFacts, PartsAreOfTheirOwnOwners) {
  FactsBuilder before;
  before.component("base", "Wine-a.dll").component("base", "Wine-b.dll");
  FileFacts hive = file_with("config/SOFTWARE", "h1", {100, 4096, 50});
  before.file_facts(hive, "Wine-a.dll");
  FactsBuilder after = before;
  after = FactsBuilder();
  after.component("base", "Wine-a.dll").component("base", "Wine-b.dll");
  hive.digest = "h2";
  hive.sizes = {130, 4096, 60};
  hive.parts = {{ByteKind::registry_hive, 2, "values of SOFTWARE", {20, 0, 10}},
                {ByteKind::slack, kNobody, "free cells", {10, 3966, 0}}};
  after.file_facts(hive, "Wine-a.dll");
  const FactsDiff diff = compare(before, after);
  ASSERT_EQ(diff.owners.size(), 3u);
  EXPECT_EQ(diff.owners[1].change(), (SizeChange{10, 0, 0}));
  EXPECT_EQ(diff.owners[2].change(), (SizeChange{20, 0, 10}));
  EXPECT_EQ(diff.before_normalised, 100u);
  EXPECT_EQ(diff.after_normalised, 120u) << "slack is no content";
}

TEST(DiffFacts, RefusesWhatIsTooLargeToSubtract) {
  FactsBuilder small;
  FactsBuilder large;
  large.facts().name = "huge.vhd";
  large.overhead(ByteKind::free_space, "free", {0, 0, ByteCount{1} << 62});
  const auto diff = diff_facts(small.build(), large.build());
  ASSERT_FALSE(diff);
  EXPECT_EQ(
      to_string(diff.error()),
      "cannot compare test.tar with huge.vhd: huge.vhd has 4611686018427387904 bytes, at most 2^62 are supported");
}

TEST(DiffFacts, ABrokenInvariantIsSaid) {
  FactsBuilder image;
  image.file("a", "", {10, 4096, 5});
  FactsDiff diff = compare(FactsBuilder(), image);
  diff.after.stored += 1;
  const auto checked = check_diff(diff);
  ASSERT_FALSE(checked);
  EXPECT_EQ(to_string(checked.error()),
            "cannot compare test.tar with test.tar: the pieces add up to 10 logical, 4096 allocated, 5 stored bytes, "
            "the totals differ by 10 logical, 4096 allocated, 6 stored");
}

// Any image of a few owners and files, with parts, overheads, digests that repeat and layers.
FactsBuilder any_image() {
  FactsBuilder image;
  std::minstd_rand random(*rc::gen::arbitrary<std::uint32_t>());
  const auto small = [&](int end) { return static_cast<int>(random() % static_cast<std::uint32_t>(end)); };
  for (int i = 0; i < 4; ++i) {
    if (small(4) > 0)
      image.component("p" + std::to_string(small(2)), "c" + std::to_string(i), std::to_string(small(3)));
  }
  image.facts().layers = {{"sha256:a", 1, 1}, {"sha256:b", 1, 1}};
  const std::vector<OwnerFacts> owners = image.facts().owners;
  std::set<std::string> paths;
  for (int i = small(12); i > 0; --i) {
    FileFacts file = file_with("d" + std::to_string(small(3)) + "/f" + std::to_string(small(6)), "", {});
    if (!paths.insert(file.path).second) continue;
    if (small(4) > 0) file.digest = "x" + std::to_string(small(5));
    file.layer = static_cast<std::uint32_t>(small(2));
    file.kind = static_cast<ByteKind>(small(10));
    for (int part = small(3); part > 0; --part) {
      const Sizes sizes{static_cast<ByteCount>(small(50)), static_cast<ByteCount>(small(50)),
                        static_cast<ByteCount>(small(50))};
      file.parts.push_back({static_cast<ByteKind>(11 + small(4)),
                            static_cast<OwnerIndex>(small(static_cast<int>(owners.size()))),
                            "part" + std::to_string(small(2)), sizes});
      file.sizes += sizes;
    }
    file.sizes +=
        {static_cast<ByteCount>(small(1000)), static_cast<ByteCount>(small(1000)), static_cast<ByteCount>(small(1000))};
    const std::size_t owner = static_cast<std::size_t>(small(static_cast<int>(owners.size())));
    image.file_facts(file, owner == 0 ? "" : owners[owner].name);
  }
  if (small(2) > 0) image.overhead(ByteKind::file_table, "records", {0, static_cast<ByteCount>(small(9000)), 7});
  return image;
}

SizeChange sum(const std::vector<CauseRow>& rows) {
  SizeChange total;
  for (const CauseRow& row : rows) total += row.change;
  return total;
}

RC_GTEST_PROP(DiffFactsProperty, EveryByteIsCountedOnceAndHasOneCause, ()) {
  const ImageFacts before = any_image().build();
  const ImageFacts after = any_image().build();
  const auto diff = diff_facts(before, after);
  RC_ASSERT(diff.has_value());
  RC_ASSERT(check_diff(*diff).has_value());
  const auto causes = sum_causes(*diff, blame(before, after, *diff));
  RC_ASSERT(sum(causes) == change_of(before.total, after.total));
  RC_ASSERT(sum(sum_cause_kinds(causes)) == change_of(before.total, after.total));
  std::int64_t normalised = 0;
  for (const CauseRow& row : causes) normalised += row.normalised;
  RC_ASSERT(normalised == static_cast<std::int64_t>(diff->after_normalised - diff->before_normalised));
}

RC_GTEST_PROP(DiffFactsProperty, BackwardsIsTheSameWithTheOtherSign, ()) {
  const ImageFacts before = any_image().build();
  const ImageFacts after = any_image().build();
  const auto there = diff_facts(before, after);
  const auto back = diff_facts(after, before);
  RC_ASSERT(there.has_value() && back.has_value());
  SizeChange both = change_of(there->before, there->after);
  both += change_of(back->before, back->after);
  RC_ASSERT(both == SizeChange{});
  RC_ASSERT(diff_facts(before, before)->pieces.empty());
}

}  // namespace
}  // namespace winnow
