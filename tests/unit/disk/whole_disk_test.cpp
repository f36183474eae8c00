// A disk as machines start from: a GUID partition table, an EFI system partition, a reserved and a data partition, in
// every format; other programs find the same files in all of them.
#include "disk_fixture.hpp"
#include "formats/gpt.hpp"
#include "image/disk/fat32/fat32_volume.hpp"
#include "image/disk/partition_table.hpp"
#include "plan/file_tree.hpp"

namespace winnow {
namespace {

using namespace test;

constexpr ByteCount kEspOffset = kMebibyte;
constexpr ByteCount kEspSize = 40 * kMebibyte;
constexpr ByteCount kDataOffset = kEspOffset + kEspSize + 16 * kMebibyte;
constexpr ByteCount kDiskSize = 64 * kMebibyte;

VolumeTree loader_tree(const Bytes& loader) {
  VolumeTree tree;
  const auto add = [&](std::uint32_t parent, const std::u16string& name, std::uint32_t attributes) -> Inode& {
    tree.names.push_back({parent, static_cast<std::uint32_t>(tree.inodes.size()), name, {}});
    tree.inodes.emplace_back().attributes = attributes;
    return tree.inodes.back();
  };
  add(0, u"", kAttributeDirectory);
  add(0, u"EFI", kAttributeDirectory);
  add(1, u"Boot", kAttributeDirectory);
  add(2, u"bootx64.efi", 0x20).content = Content::of_bytes(loader);
  return tree;
}

class WholeDisk : public DiskTest {};

TEST_F(WholeDisk, HoldsTheSameFilesInEveryFormat) {
  WINNOW_REQUIRE_PROGRAMS("qemu-img", "sgdisk", "fsck.fat", "mcopy", "7z");
  const Bytes loader = pattern(1'234'567, 1);
  Fat32Options fat;
  fat.size = kEspSize;
  fat.hidden_sectors = kEspOffset / 512;
  const auto esp = plan_fat32_volume(loader_tree(loader), fat);
  ASSERT_TRUE(esp) << to_string(esp.error());
  const auto table = gpt_table(
      kDiskSize, Guid{{1}},
      {{parse_guid(gpt::kEfiSystem), Guid{{2}}, u"ESP", kEspOffset, kEspSize, 0},
       {parse_guid(gpt::kMicrosoftReserved), Guid{{3}}, u"MSR", kEspOffset + kEspSize, 16 * kMebibyte, 0},
       {parse_guid(gpt::kBasicData), Guid{{4}}, u"Data", kDataOffset, kDiskSize - kDataOffset - kMebibyte, 0}});
  ASSERT_TRUE(table) << to_string(table.error());
  DiskLayout layout{kDiskSize, {table->start}};
  add_volume(layout, kEspOffset, esp->layout);
  layout.segments.push_back(*table->end);
  for (const FormatCase& format : kFormats) {
    const DiskWriteReport report = write(layout, format.format, format.file);
    EXPECT_LT(report.data_size, 8 * kMebibyte) << format.file;  // the free space of the partitions is not in the file
    ASSERT_EQ(output_of("qemu-img convert -f " + std::string(format.qemu_name) + " -O raw " + quoted(format.file) +
                        " " + quoted("back.raw"))
                  .text,
              "");
    EXPECT_NE(output_of("sgdisk -v " + quoted("back.raw")).text.find("No problems found."), std::string::npos);
    EXPECT_EQ(output_of("mcopy -n -i " + quoted("back.raw@@1M") + " ::/EFI/Boot/bootx64.efi " + quoted("loader")).text,
              "");
    EXPECT_TRUE(file_bytes(at("loader")) == loader) << format.file;
    const Output listed = output_of("7z l " + quoted(format.file));
    EXPECT_EQ(listed.exit_code, 0) << listed.text;
  }
}

}  // namespace
}  // namespace winnow
