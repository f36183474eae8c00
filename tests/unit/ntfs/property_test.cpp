// Trees of every kind, written by our NTFS writer and read back by two libraries of others: the same trees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "base/file_system.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "plan/file_tree.hpp"
#include "support/volume_file.hpp"
#include "tree_facts.hpp"
#include "tree_generator.hpp"
#include "volume_reading.hpp"

namespace winnow::ntfs::testing {
namespace {

class WrittenVolume {
 public:
  explicit WrittenVolume(VolumeTree tree) : folder_(TemporaryDirectory::create("winnow-property").value()) {
    NtfsOptions options;
    options.time = to_filetime(1'577'836'800);
    options.serial = 0x1813F14C2198984D;
    const NtfsVolume volume = plan_ntfs_volume(std::move(tree), options).value();
    test::write_volume_file(volume.layout, path());
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "volume"; }

 private:
  TemporaryDirectory folder_;
};

std::vector<std::string> faults_of(VolumeTree tree) {
  const TreeFacts expected = facts_of_tree(tree);
  const WrittenVolume volume(std::move(tree));
  std::vector<std::string> faults;
  for (const std::string& each : disagreements(expected, facts_by_libfsntfs(volume.path()))) {
    faults.push_back("libfsntfs: " + each);
  }
  for (const std::string& each : disagreements(expected, facts_by_libwim(volume.path()))) {
    faults.push_back("libwim: " + each);
  }
  return faults;
}

class NtfsProperty : public ::testing::Test {
 protected:
  // The same cases every time; RC_PARAMS of the caller's asks for others and more.
  static void SetUpTestSuite() { ::setenv("RC_PARAMS", "seed=20261122 max_success=12", 0); }
};

TEST_F(NtfsProperty, TreesAreReadBackAsTheyWere) {
  EXPECT_TRUE(rc::check("trees are read back as they were", [] {
    const TreeRecipe recipe{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::inRange<std::uint32_t>(0, 300)};
    const std::vector<std::string> faults = faults_of(make_tree(recipe));
    for (const std::string& fault : faults) RC_LOG() << fault << "\n";
    RC_ASSERT(faults.empty());
  }));
}

TEST_F(NtfsProperty, ATreeOfFiveThousandNamesIsReadBackAsItWas) {
  EXPECT_THAT(faults_of(make_tree({.seed = 1, .entries = 5000})), ::testing::IsEmpty());
}

// A root with one descriptor, to which the cases below add what they are about.
VolumeTree small_tree() {
  VolumeTree tree;
  tree.security_descriptors.push_back(make_descriptor(0, 3));
  tree.inodes.emplace_back().attributes = kAttributeDirectory | kAttributeHidden | kAttributeSystem;
  tree.names.emplace_back();
  return tree;
}

void add_file(VolumeTree& tree, std::u16string name, std::optional<Content> content = std::nullopt) {
  Inode& inode = tree.inodes.emplace_back();
  inode.attributes = kAttributeArchive;
  inode.content = std::move(content);
  tree.names.push_back({0, static_cast<std::uint32_t>(tree.inodes.size() - 1), std::move(name), {}});
}

TEST_F(NtfsProperty, NamesAtEveryLimitAreReadBack) {
  VolumeTree tree = small_tree();
  std::u16string pairs;
  while (pairs.size() + 2 <= 255) pairs += u"\U0001F600";
  for (std::u16string name : {std::u16string(1, u'x'), std::u16string(255, u'n'), std::u16string(255, u'\uFFFD'), pairs,
                              pairs + u"e", std::u16string(u"\U0010FFFD"), std::u16string(u"\uE000")}) {
    add_file(tree, std::move(name));
  }
  // Different for $UpCase, though not for everybody: sharp s, dotless i, Kelvin sign, long s, final sigma.
  for (const char16_t* name :
       {u"\u00DF", u"ss", u"\u0131", u"i", u"\u212A", u"k", u"\u017F", u"s", u"\u03C3\u03C2", u"\u03C3\u03C3x"}) {
    add_file(tree, name);
  }
  EXPECT_THAT(faults_of(std::move(tree)), ::testing::IsEmpty());
}

// Alone and with so many others that they are in attribute lists. libfsntfs refuses such volumes, libntfs-3g does not.
TEST_F(NtfsProperty, LongNamesOfStreamsAreReadBack) {
  VolumeTree tree = small_tree();
  for (const int count : {1, 40}) {
    add_file(tree, std::u16string(1, static_cast<char16_t>(u'a' + count / 2)));
    tree.inodes.back().extras = std::make_unique<InodeExtras>();
    for (int i = 0; i < count; ++i) {
      std::u16string name(254, static_cast<char16_t>(u'\u4E00' + i));
      tree.inodes.back().extras->streams.push_back({name + u"x", Content::of_bytes(Bytes(700, 7))});
    }
  }
  const TreeFacts expected = facts_of_tree(tree);
  const WrittenVolume volume(std::move(tree));
  EXPECT_THAT(disagreements(expected, facts_by_libwim(volume.path())), ::testing::IsEmpty());
}

TEST_F(NtfsProperty, NamesThatDifferInCaseAloneAreRefused) {
  for (const auto& [one, other] : {std::pair(u"\u00E4", u"\u00C4"), std::pair(u"\u0436", u"\u0416"),
                                   std::pair(u"\uFF41", u"\uFF21"), std::pair(u"readme", u"README")}) {
    VolumeTree tree = small_tree();
    add_file(tree, one);
    add_file(tree, other);
    const auto volume = plan_ntfs_volume(std::move(tree), {});
    ASSERT_FALSE(volume.has_value());
    EXPECT_THAT(to_string(volume.error()),
                ::testing::HasSubstr("names of one directory must differ in more than case"));
  }
}

// 1,500 descriptors of up to 65 KB: $SDS has several blocks of 256 KiB, its indexes many blocks.
TEST_F(NtfsProperty, ManyAndLargeDescriptorsAreReadBack) {
  VolumeTree tree = small_tree();
  constexpr std::uint32_t kMany = 1500, kEntriesOf64Kilobytes = 1800;
  for (std::uint32_t i = 1; i <= kMany; ++i) {
    tree.security_descriptors.push_back(make_descriptor(i, i % 150 == 0 ? kEntriesOf64Kilobytes : i % 5));
    add_file(tree, u"file" + std::u16string(1, static_cast<char16_t>(0x4E00 + i)));
    tree.inodes.back().security = i;
  }
  EXPECT_THAT(faults_of(std::move(tree)), ::testing::IsEmpty());
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 65536> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), got);
  return ::pclose(pipe) == 0 ? text : "failed: " + text;
}

TEST_F(NtfsProperty, ADirectoryOfAHundredThousandFilesIsListedWhole) {
  constexpr int kFiles = 100'000;
  VolumeTree tree = small_tree();
  std::set<std::string> expected;
  for (int i = 0; i < kFiles; ++i) {
    const std::string name = "file-" + std::to_string(i * 7919LL % kFiles) + ".dat";
    expected.insert(name);
    add_file(tree, std::u16string(name.begin(), name.end()));
  }
  const WrittenVolume volume(std::move(tree));
  std::istringstream lines(output_of("ntfsls " + volume.path().string()));
  std::set<std::string> listed;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("file-")) continue;
    EXPECT_TRUE(listed.insert(line).second) << line << " is listed twice";
  }
  EXPECT_TRUE(listed == expected) << listed.size() << " names are listed";
  EXPECT_THAT(output_of("ntfsresize -f -i " + volume.path().string()), ::testing::HasSubstr("You might resize"));
}

TEST_F(NtfsProperty, AFileOfFiveGigabytesIsMappedWhole) {
  constexpr ByteCount kSize = 5'000'000'123;
  const auto folder = TemporaryDirectory::create("winnow-large").value();
  const std::filesystem::path source = folder.path() / "source";
  std::ofstream(source).close();
  std::filesystem::resize_file(source, kSize);
  {
    std::fstream file(source, std::ios::in | std::ios::out);
    file.seekp(4'400'000'000);
    file << "marker";
  }
  VolumeTree tree = small_tree();
  add_file(tree, u"large", Content::of_file(source, kSize));
  DiskLayout layout = plan_ntfs_volume(std::move(tree), {}).value().layout;
  // The payload stays a hole of the volume's file: what it would be is asked for where it matters.
  const auto payload = std::find_if(layout.segments.begin(), layout.segments.end(),
                                    [](const Segment& each) { return each.length >= kSize; });
  ASSERT_NE(payload, layout.segments.end());
  Bytes marker(6);
  const auto read = payload->source->read(4'400'000'000, marker);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(as_text(marker), "marker");
  const ByteCount place = payload->offset;
  layout.segments.erase(payload);
  const std::filesystem::path path = folder.path() / "volume";
  test::write_volume_file(layout, path);
  const auto mapped = MappedFile::open(path).value();
  const VolumeReading volume(mapped.bytes());
  const Attribute data = volume.find(kFirstUser, kData, u"").value();
  EXPECT_EQ(data.data_size, kSize);
  EXPECT_EQ(data.initialized_size, kSize);
  EXPECT_EQ(data.runs.size(), 1u);
  EXPECT_EQ(data.runs.at(0).cluster.value() * kClusterSize, place);
  EXPECT_EQ(data.runs.at(0).length, (kSize + kClusterSize - 1) / kClusterSize);
  EXPECT_THAT(output_of("ntfsresize -f -i " + path.string()), ::testing::HasSubstr("You might resize"));
}

}  // namespace
}  // namespace winnow::ntfs::testing
