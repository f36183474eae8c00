// An empty volume of ours beside one that mkntfs makes, of the same size and serial, field by field: the system files
// are those of a formatter that Windows has accepted for fifteen years.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

#include "base/file_system.hpp"
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
    bytes_ = read_file(path, size).value();
  }
  [[nodiscard]] ByteView bytes() const { return bytes_; }

 private:
  TemporaryDirectory directory_;
  Bytes bytes_;
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

}  // namespace
}  // namespace winnow::ntfs::testing
