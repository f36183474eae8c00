#include "image/boot/boot_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace winnow {
namespace {

TEST(BootCode, TheMasterBootRecordLeavesTheSignatureAndTheTableAlone) {
  const ByteView code = mbr_boot_code();
  ASSERT_EQ(code.size(), 440u);
  EXPECT_EQ(code[0], 0xFA) << "it begins with cli";
  const auto used = std::find_if(code.rbegin(), code.rend(), [](std::uint8_t byte) { return byte != 0; });
  EXPECT_GT(used - code.rbegin(), 1) << "the last message lost its end";
}

TEST(BootCode, TheNtfsBootRecordLeavesTheBpbToTheVolume) {
  const ByteView record = ntfs_boot_record();
  ASSERT_EQ(record.size(), 8192u);
  EXPECT_EQ(to_hex(record.first(3)), "eb5290");
  const ByteView bpb = record.subspan(kBpbStart, kBpbEnd - kBpbStart);
  EXPECT_TRUE(std::all_of(bpb.begin(), bpb.end(), [](std::uint8_t byte) { return byte == 0; }));
  EXPECT_EQ(to_hex(record.subspan(0x1FE, 2)), "55aa");
  EXPECT_NE(as_text(record).find("BOOTMGR is missing"), std::string::npos);
}

// What untfs.dll looks like around the record, as far as finding it goes.
Bytes media_file(std::size_t before, std::size_t after) {
  Bytes record(kNtfsBootRecordSize, 0xCC);
  const Bytes start = {0xEB, 0x52, 0x90, 'N', 'T', 'F', 'S', ' ', ' ', ' ', ' '};
  const Bytes name = {7, 0, 'B', 0, 'O', 0, 'O', 0, 'T', 0, 'M', 0, 'G', 0, 'R', 0};
  std::copy(start.begin(), start.end(), record.begin());
  std::copy(name.begin(), name.end(), record.begin() + 512);
  record[0x1FE] = 0x55;
  record[0x1FF] = 0xAA;
  Bytes file(before, 0x11);
  file.insert(file.end(), record.begin(), record.end());
  file.insert(file.end(), after, 0x22);
  return file;
}

TEST(BootCode, FindsMicrosoftsRecordInTheUsersMedia) {
  const Bytes file = media_file(5000, 300);
  const auto record = find_ntfs_boot_record(file);
  ASSERT_TRUE(record);
  EXPECT_EQ(*record, Bytes(file.begin() + 5000, file.begin() + 5000 + 8192));
  EXPECT_TRUE(find_ntfs_boot_record(media_file(0, 0)));
}

TEST(BootCode, SkipsWhatOnlyBeginsLikeARecord) {
  Bytes file = media_file(7, 0);
  const Bytes decoy(file.begin() + 7, file.begin() + 7 + 600);
  file.insert(file.begin(), decoy.begin(), decoy.end());
  file[512] = 8;  // the decoy names no file
  const auto record = find_ntfs_boot_record(file);
  ASSERT_TRUE(record);
  EXPECT_EQ(*record, Bytes(file.begin() + 607, file.end()));
}

TEST(BootCode, FindsNothingWhereThereIsNone) {
  EXPECT_FALSE(find_ntfs_boot_record({}));
  EXPECT_FALSE(find_ntfs_boot_record(Bytes(20000, 0)));
  Bytes cut = media_file(10, 0);
  cut.pop_back();
  EXPECT_FALSE(find_ntfs_boot_record(cut));
  Bytes other_file = media_file(10, 0);
  other_file[10 + 512 + 2] = 'N';
  EXPECT_FALSE(find_ntfs_boot_record(other_file));
  Bytes unsigned_record = media_file(10, 0);
  unsigned_record[10 + 0x1FE] = 0;
  EXPECT_FALSE(find_ntfs_boot_record(unsigned_record));
  EXPECT_FALSE(find_ntfs_boot_record(ntfs_boot_record())) << "ours has no BPB and names its file elsewhere";
}

}  // namespace
}  // namespace winnow
