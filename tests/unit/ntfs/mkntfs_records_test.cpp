// An empty volume of ours beside one that mkntfs makes, of the same size and serial, field by field: the system files
// are those of a formatter that Windows has accepted for fifteen years.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>

#include "base/file_system.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "plan/file_tree.hpp"
#include "plan/security_descriptor.hpp"
#include "support/volume_file.hpp"
#include "volume_description.hpp"
#include "volume_reading.hpp"

namespace winnow::ntfs::testing {
namespace {

constexpr std::string_view kMkntfs = "/usr/sbin/mkntfs";
constexpr std::string_view kFaketime = "/usr/bin/faketime";

bool can_format() { return std::filesystem::exists(kMkntfs) && std::filesystem::exists(kFaketime); }

// A missing program skips the test by its name, unless prerequisites are required.
#define NEED_MKNTFS()                                                                      \
  if (!can_format()) {                                                                     \
    const char* required = std::getenv("WINNOW_TEST_PREREQUISITES");                       \
    ASSERT_TRUE(required == nullptr || required != std::string_view("required"));          \
    GTEST_SKIP() << "mkntfs or faketime is not installed (packages ntfs-3g and faketime)"; \
  }

class Formatted {
 public:
  explicit Formatted(ByteCount size, std::string_view clock = "2020-01-01 00:00:00", std::string_view more = "")
      : directory_(TemporaryDirectory::create("winnow-mkntfs").value()) {
    const std::filesystem::path path = directory_.path() / "volume";
    std::ofstream(path).close();
    std::filesystem::resize_file(path, size);
    const std::string command = std::string(kFaketime) + " -f '" + std::string(clock) + "' " + std::string(kMkntfs) +
                                " -q -Q -F -s 512 -p 2048 -H 255 -S 63 -c 4096 " + std::string(more) + " " +
                                path.string() + " >" + path.string() + ".log 2>&1";
    if (std::system(command.c_str()) != 0) throw std::runtime_error(command);  // NOLINT: a fixed command
    volume_.emplace(MappedFile::open(path).value());
  }
  [[nodiscard]] ByteView bytes() const { return volume_->bytes(); }

 private:
  TemporaryDirectory directory_;
  std::optional<MappedFile> volume_;
};

std::set<std::string> fields(const std::vector<Difference>& found) {
  std::set<std::string> names;
  for (const Difference& each : found) names.insert(each.field);
  return names;
}

constexpr ByteCount kMebibyte = 1 << 20;

TEST(MkntfsRecords, TwoVolumesThatMkntfsMadeAtOneTimeAreTheSame) {
  NEED_MKNTFS();
  const Formatted one(8 * kMebibyte);
  const Formatted two(8 * kMebibyte);
  const Description description = describe_volume(one.bytes());
  EXPECT_THAT(differences(description, describe_volume(two.bytes())), ::testing::IsEmpty());
  EXPECT_GT(description.size(), 900u);
  EXPECT_EQ(description.at("boot sector / hidden sectors"), "0x800");
  EXPECT_EQ(description.at("00 $MFT / $DATA / data size"), "27648");
  EXPECT_EQ(description.at("05 . / $INDEX_ROOT $I30 / entry 00 / file"), "record 4, sequence 4");
  EXPECT_EQ(description.at("09 $Secure / $INDEX_ROOT $SII / entry 01 / key"), "01010000");
  EXPECT_EQ(description.at("$Secure:$SDS / entry 01 / id"), "0x101");
  EXPECT_EQ(description.at("$Bitmap / clusters marked that nobody uses"), "0");
  EXPECT_EQ(description.at("$Bitmap / clusters in use that are not marked"), "0");
  EXPECT_EQ(description.at("$Bitmap / bits above the last cluster that are clear"), "0");
  EXPECT_EQ(description.at("$MFTMirr / content"), "is the start of $MFT");
}

TEST(MkntfsRecords, AnotherTimeShowsInTheTimesAndTheSerialAlone) {
  NEED_MKNTFS();
  const Formatted one(8 * kMebibyte);
  const Formatted two(8 * kMebibyte, "2021-01-01 00:00:00");
  const auto found = fields(differences(describe_volume(one.bytes()), describe_volume(two.bytes())));
  EXPECT_THAT(found, ::testing::Contains("boot sector / serial"));
  EXPECT_THAT(found, ::testing::Contains("05 . / $INDEX_ROOT $I30 / entry 00 / created"));
  for (const std::string& field : found) {
    EXPECT_THAT(field, ::testing::ContainsRegex("serial$|created$|modified$|changed$|accessed$|[$]Q / .* / data$"));
  }
}

TEST(MkntfsRecords, EveryDamagedFieldIsNamed) {
  NEED_MKNTFS();
  const Formatted good(8 * kMebibyte);
  const Description expected = describe_volume(good.bytes());
  const auto mft = static_cast<std::size_t>(field<std::uint64_t>(good.bytes(), boot::kMftCluster) * kClusterSize);
  const struct {
    std::size_t offset;
    std::string field;
  } cases[] = {
      {boot::kTotalSectors + 1, "boot sector / total sectors"},
      {mft + 3 * kRecordSize + record::kNextAttributeId, "03 $Volume / next attribute id"},
      {mft + 3 * kRecordSize + record::kAttributes + attribute::kResidentHeader,
       "03 $Volume / $STANDARD_INFORMATION / created"},
      {mft + 6 * kRecordSize + record::kLinkCount, "06 $Bitmap / links"},
      {mft + 24 * kRecordSize + record::kFlags, "24 $Quota / flags"},
  };
  for (const auto& each : cases) {
    Bytes damaged(good.bytes().begin(), good.bytes().end());
    damaged[each.offset] ^= 2;
    EXPECT_THAT(fields(differences(expected, describe_volume(damaged))), ::testing::Contains(each.field));
  }
}

MappedFile our_empty_volume(ByteView theirs, ByteCount size, const std::filesystem::path& path) {
  VolumeTree tree;
  tree.security_descriptors.push_back(parse_sddl(kDirectorySddl).value());
  tree.inodes.emplace_back().attributes = kAttributeDirectory | kAttributeHidden | kAttributeSystem;
  const std::uint64_t time = to_filetime(1'577'836'800);  // 2020-01-01
  tree.inodes[0].times = {time, time, time, time};
  tree.names.emplace_back();
  NtfsOptions options;
  options.size = size;
  options.hidden_sectors = 2048;
  options.serial = field<std::uint64_t>(theirs, boot::kSerial);
  options.time = time;
  test::write_volume_file(plan_ntfs_volume(std::move(tree), options).value().layout, path);
  return MappedFile::open(path).value();
}

// Where our empty volume is not mkntfs's: a pattern of fields, and why ours is right too.
struct Accepted {
  std::string_view fields;  // the whole of a field's name matches
  std::string_view reason;
};
constexpr Accepted kAccepted[] = {
    {"boot sector / \\$MFTMirr cluster",
     "the mirror comes first instead of in the middle: what is used is one stretch at the start of the volume"},
    {"boot sector / \\$MFT cluster", "$MFT comes last, where it can grow in one piece"},
    {"(02 \\$LogFile / \\$(DATA|FILE_NAME)|05 \\. / \\$INDEX_ROOT \\$I30 / entry 05) / "
     "(allocated size|data size|initialized size|VCNs|clusters in its runs|length)",
     "the log has 2 MiB whatever the volume's size; mkntfs's grows with it (Windows takes any size, and resizes it)"},
    {"05 \\. / \\$STANDARD_INFORMATION / (attributes|length|the rest)",
     "the root's attributes and descriptor are the tree's; the long form names the descriptor in $Secure"},
    {"05 \\. / \\$SECURITY_DESCRIPTOR / .*", "the root's descriptor is in $Secure, as Windows itself has it"},
    {"05 \\. / (attributes|bytes in use|next attribute id|\\$INDEX_[A-Z]+ \\$I30 / id|\\$BITMAP \\$I30 / id)",
     "one attribute fewer in the root's record, and the numbers that follow from it"},
    {"\\$Secure:\\$SDS(, mirror)? / entry 02 / .*", "the tree's own descriptor comes behind the two of mkntfs"},
    {"09 \\$Secure / (bytes in use|\\$DATA \\$SDS / (data|initialized) size|\\$INDEX_ROOT \\$S(DH|II) / (length|entry "
     ".*))",
     "the same descriptor in the indexes of $Secure"},
    {"(1[6-9]|2[0-3]) \\(no name\\) / own number", "unused records know their number too; mkntfs leaves 0 in them"},
};

TEST(MkntfsRecords, OurEmptyVolumeDiffersInAcceptedFieldsAlone) {
  NEED_MKNTFS();
  const auto folder = TemporaryDirectory::create("winnow-records").value();
  std::set<std::string_view> used;
  for (const ByteCount size : {64 * kMebibyte, 1024 * kMebibyte}) {
    const Formatted theirs(size);
    const MappedFile ours = our_empty_volume(theirs.bytes(), size, folder.path() / "ours");
    for (const Difference& each : differences(describe_volume(theirs.bytes()), describe_volume(ours.bytes()))) {
      const auto* row = std::find_if(std::begin(kAccepted), std::end(kAccepted), [&](const Accepted& accepted) {
        return std::regex_match(each.field, std::regex(std::string(accepted.fields)));
      });
      if (row != std::end(kAccepted)) {
        used.insert(row->fields);
      } else {
        ADD_FAILURE() << size << " bytes, " << each.field << "\n  mkntfs: " << each.theirs
                      << "\n  ours:   " << each.ours;
      }
    }
  }
  for (const Accepted& accepted : kAccepted)
    EXPECT_TRUE(used.contains(accepted.fields)) << "stale: " << accepted.fields;
}

}  // namespace
}  // namespace winnow::ntfs::testing
