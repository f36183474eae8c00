// Partition tables: bytes where the specifications say them, what other programs read, and what is refused.
#include "image/disk/partition_table.hpp"

#include "disk_fixture.hpp"
#include "formats/gpt.hpp"
#include "formats/mbr.hpp"

namespace winnow {
namespace {

using namespace test;

constexpr ByteCount kDiskSize = 200 * kMebibyte;

Guid guid(int last) { return parse_guid("00112233-4455-4677-8899-aabbccddee" + std::to_string(10 + last)); }

std::vector<GptPartition> windows_partitions() {
  return {
      {parse_guid(gpt::kEfiSystem), guid(1), std::u16string(gpt::kEfiSystemName), kMebibyte, 100 * kMebibyte,
       gpt::kNoDriveLetter},
      {parse_guid(gpt::kMicrosoftReserved), guid(2), std::u16string(gpt::kMicrosoftReservedName), 101 * kMebibyte,
       16 * kMebibyte, gpt::kNoDriveLetter},
      {parse_guid(gpt::kBasicData), guid(3), std::u16string(gpt::kBasicDataName), 117 * kMebibyte, 82 * kMebibyte, 0}};
}

std::string table_error(const Result<PartitionTable>& table) { return table ? "" : to_string(table.error()); }

std::string gpt_error(std::vector<GptPartition> partitions) {
  return table_error(gpt_table(kDiskSize, guid(0), partitions));
}

class PartitionTables : public DiskTest {
 protected:
  void write_disk_of(ByteCount size, const PartitionTable& table) {
    DiskLayout layout{size, {table.start}};
    if (table.end) layout.segments.push_back(*table.end);
    write(layout, DiskFormat::kRaw, "disk.raw");
  }
};

TEST_F(PartitionTables, GptIsAsUefiSays) {
  const auto table = gpt_table(kDiskSize, guid(0), windows_partitions());
  ASSERT_TRUE(table) << table_error(table);
  DiskLayout layout{kDiskSize, {table->start, *table->end}};
  const Bytes disk = disk_bytes(layout);
  EXPECT_EQ(to_hex(ByteView(disk).subspan(446, 66)),
            "00000200eeffffff01000000ff3f0600" + std::string(96, '0') + "55aa");
  EXPECT_EQ(to_hex(ByteView(disk).first(446)), std::string(892, '0'));
  const Bytes primary(disk.begin() + 512, disk.begin() + 1024);
  EXPECT_EQ(to_hex(ByteView(primary).first(16)),
            "4546492050415254"
            "00000100"
            "5c000000");
  EXPECT_EQ(to_hex(ByteView(primary).subspan(20, 68)),
            "00000000"
            "0100000000000000"
            "ff3f060000000000"
            "2200000000000000"
            "de3f060000000000"
            "33221100554477468899aabbccddee10"
            "0200000000000000"
            "80000000"
            "80000000");
  EXPECT_EQ(to_hex(ByteView(disk).subspan(1024, 64)),
            "28732ac11ff8d211ba4b00a0c93ec93b"
            "33221100554477468899aabbccddee11"
            "0008000000000000"
            "ff27030000000000"
            "0000000000000080"
            "4500460049002000");
  EXPECT_TRUE(std::equal(disk.begin() + 1024, disk.begin() + 34 * 512, disk.end() - 33 * 512));
  EXPECT_EQ(to_hex(ByteView(disk).subspan(kDiskSize - 512 + 24, 16)),
            "ff3f060000000000"
            "0100000000000000");
}

TEST_F(PartitionTables, OthersAcceptTheGpt) {
  WINNOW_REQUIRE_PROGRAMS("sgdisk", "mmls");
  const auto table = gpt_table(kDiskSize, guid(0), windows_partitions());
  ASSERT_TRUE(table) << table_error(table);
  write_disk_of(kDiskSize, *table);
  const Output verified = output_of("sgdisk -v " + quoted("disk.raw"));
  EXPECT_NE(verified.text.find("No problems found."), std::string::npos) << verified.text;
  EXPECT_EQ(verified.text.find("Warning"), std::string::npos) << verified.text;
  const Output shown = output_of("sgdisk -i 1 " + quoted("disk.raw"));
  EXPECT_NE(shown.text.find("Partition unique GUID: 00112233-4455-4677-8899-AABBCCDDEE11"), std::string::npos);
  EXPECT_NE(shown.text.find("Attribute flags: 8000000000000000"), std::string::npos) << shown.text;
  EXPECT_NE(shown.text.find("Partition name: 'EFI system partition'"), std::string::npos) << shown.text;
  const Output listed = output_of("mmls -t gpt " + quoted("disk.raw"));
  EXPECT_NE(listed.text.find("0000239616   0000407551   0000167936   Basic data partition"), std::string::npos)
      << listed.text;
}

TEST_F(PartitionTables, MbrIsAsItsTableSays) {
  const Bytes code = pattern(439, 1);
  const std::vector<MbrPartition> partitions = {
      {mbr::entry::kTypeNtfs, kMebibyte, 198 * kMebibyte, true},
      {mbr::entry::kTypeFat32, 199 * kMebibyte, 512, false},
  };
  const auto table = mbr_table(kDiskSize, 0x11223344, code, partitions);
  ASSERT_TRUE(table) << table_error(table);
  EXPECT_FALSE(table->end);
  Bytes sector(512);
  ASSERT_TRUE(table->start.source->read(0, sector));
  EXPECT_TRUE(std::equal(code.begin(), code.end(), sector.begin()));
  // LBA 2048 is cylinder 0, head 32, sector 33; LBA 407551 is 25/94/5, LBA 407552 is 25/94/6.
  EXPECT_EQ(to_hex(ByteView(sector).subspan(439)),
            "00"
            "44332211"
            "0000"
            "80202100075e05190008000000300600"
            "005e06190c5e06190038060001000000" +
                std::string(64, '0') + "55aa");
}

TEST_F(PartitionTables, OthersReadTheMbr) {
  WINNOW_REQUIRE_PROGRAMS("mmls");
  const ByteCount size = 20ull << 30;  // beyond what cylinders can say
  const auto table = mbr_table(size, 7, {}, {{mbr::entry::kTypeNtfs, kMebibyte, size - kMebibyte, true}});
  ASSERT_TRUE(table) << table_error(table);
  write_disk_of(size, *table);
  const Output listed = output_of("mmls -t dos " + quoted("disk.raw"));
  EXPECT_NE(listed.text.find("0000002048   0041943039   0041940992   NTFS / exFAT (0x07)"), std::string::npos)
      << listed.text;
  Bytes sector(512);
  ASSERT_TRUE(table->start.source->read(0, sector));
  EXPECT_EQ(to_hex(ByteView(sector).subspan(0x1BE, 8)), "8020210007feffff");
}

TEST_F(PartitionTables, WhatDoesNotFitIsRefused) {
  auto partitions = windows_partitions();
  partitions[1].offset = 100 * kMebibyte;
  EXPECT_EQ(gpt_error(partitions),
            "cannot place partition 2 \"Microsoft reserved partition\": it begins inside partition 1 \"EFI system "
            "partition\"");
  partitions = windows_partitions();
  partitions[2].length = 83 * kMebibyte;
  EXPECT_EQ(
      gpt_error(partitions),
      "cannot place partition 3 \"Basic data partition\": its 87031808 bytes at 122683392 reach beyond 209698304, "
      "where partitions must end");
  partitions = windows_partitions();
  partitions[2].length = ~ByteCount{0} - 511;
  EXPECT_NE(gpt_error(partitions).find("reach beyond 209698304"), std::string::npos);
  partitions = windows_partitions();
  partitions[0].offset = 512;
  EXPECT_EQ(gpt_error(partitions),
            "cannot place partition 1 \"EFI system partition\": it begins at 512, partitions may from 17408 on");
  partitions = windows_partitions();
  partitions[0].length = 1000;
  EXPECT_EQ(gpt_error(partitions),
            "cannot place partition 1 \"EFI system partition\": it does not begin and end with a sector of 512 bytes");
  partitions[0].length = 0;
  EXPECT_EQ(gpt_error(partitions), "cannot place partition 1 \"EFI system partition\": it is empty");
  partitions = windows_partitions();
  partitions[0].name = std::u16string(37, u'a');
  EXPECT_EQ(gpt_error(partitions),
            "cannot place partition 1 \"" + std::string(37, 'a') + "\": its name is longer than 36 characters");
  EXPECT_EQ(gpt_error(std::vector<GptPartition>(129)), "cannot place 129 partitions: the table has 128 entries");
  EXPECT_EQ(table_error(gpt_table(67 * 512, guid(0), {})),
            "cannot partition a disk of 34304 bytes: a GUID partition table needs whole sectors and more than 34304 "
            "bytes");
}

TEST_F(PartitionTables, BootRecordsThatCannotBeAreRefused) {
  const MbrPartition active{mbr::entry::kTypeNtfs, kMebibyte, kMebibyte, true};
  const MbrPartition second{mbr::entry::kTypeNtfs, 2 * kMebibyte, kMebibyte, true};
  EXPECT_EQ(table_error(mbr_table(kDiskSize, 1, Bytes(441), {})),
            "cannot write a boot record: its code has 441 bytes, at most 440 fit");
  EXPECT_EQ(table_error(mbr_table(kDiskSize, 0, {}, {})), "cannot write a boot record: the disk signature is 0");
  EXPECT_EQ(table_error(mbr_table(kDiskSize, 1, {}, {active, second})),
            "cannot write a boot record: more than one partition is active");
  EXPECT_EQ(table_error(mbr_table(kDiskSize, 1, {}, std::vector<MbrPartition>(5))),
            "cannot place 5 partitions: a boot record has four entries");
  EXPECT_EQ(table_error(mbr_table(3ull << 40, 1, {}, {{7, kMebibyte, (3ull << 40) - kMebibyte, true}})),
            "cannot place partition 1: its 3298533834752 bytes at 1048576 reach beyond 2199023255552, where partitions "
            "must end");
}

}  // namespace
}  // namespace winnow
