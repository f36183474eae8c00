// Mutation proof: a sound volume gives no finding, each single corruption is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/disk/check/check_disk.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "support/disk_tree.hpp"
#include "support/ntfs_mutations.hpp"

namespace winnow {
namespace {

Bytes make_volume() {
  NtfsOptions options;
  options.free_space = 1u << 20;
  options.serial = 0x1813F14C2198984D;
  options.time = to_filetime(1'577'836'800);
  const auto volume = plan_ntfs_volume(test::make_disk_tree(), options).value();
  Bytes bytes(static_cast<std::size_t>(volume.layout.size));
  for (const Segment& segment : volume.layout.segments) {
    const auto part = std::span(bytes).subspan(segment.offset, segment.length);
    EXPECT_TRUE(segment.source->read(0, part).has_value());
  }
  return bytes;
}

const Bytes& sound_volume() {
  static const Bytes bytes = make_volume();
  return bytes;
}

std::string print(const VerifyReport& report) {
  std::string text;
  for (const Violation& v : report.violations) text += v.subject + ": " + v.message + "\n";
  return text;
}

TEST(NtfsMutation, SoundVolumeHasNone) {
  const VerifyReport report = check_disk_bytes(sound_volume());
  EXPECT_EQ(print(report), "");
  EXPECT_GT(report.entries, 150u);
}

TEST(NtfsMutation, TheTableHas46AndMore) { EXPECT_GE(test::kNtfsMutations.size(), 60u); }

class NtfsMutationTest : public ::testing::TestWithParam<test::NtfsMutation> {};

TEST_P(NtfsMutationTest, IsNamed) {
  Bytes volume = sound_volume();
  GetParam().apply(test::NtfsEditor(volume));
  ASSERT_TRUE(volume != sound_volume());
  const VerifyReport report = check_disk_bytes(volume);
  const bool is_named = std::any_of(report.violations.begin(), report.violations.end(), [](const Violation& v) {
    return v.subject.find(GetParam().subject) != std::string::npos &&
           v.message.find(GetParam().message) != std::string::npos;
  });
  EXPECT_TRUE(is_named) << GetParam().name << "\n" << print(report).substr(0, 4000);
}

std::string case_name(const ::testing::TestParamInfo<test::NtfsMutation>& info) {
  std::string name = std::to_string(info.index + 1) + "_";
  for (const char* c = info.param.name; *c != '\0'; ++c) {
    if (std::isalnum(static_cast<unsigned char>(*c)) != 0) name += *c;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, NtfsMutationTest, ::testing::ValuesIn(test::kNtfsMutations), case_name);

}  // namespace
}  // namespace winnow
