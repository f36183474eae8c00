#include "image/boot/boot_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/utf16.hpp"
#include "image/boot/boot_code.hpp"
#include "image/boot/tree_editor.hpp"
#include "plan/file_tree.hpp"
#include "unit/boot/hive_text.hpp"

namespace winnow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The start of an EFI program for `machine`.
Bytes efi_program(std::uint16_t machine) {
  Bytes bytes(128);
  bytes[0] = 'M';
  bytes[1] = 'Z';
  bytes[0x3C] = 64;
  bytes[64] = 'P';
  bytes[65] = 'E';
  bytes[68] = static_cast<std::uint8_t>(machine);
  bytes[69] = static_cast<std::uint8_t>(machine >> 8);
  return bytes;
}

Bytes text(std::string_view content) { return Bytes(content.begin(), content.end()); }

VolumeTree empty_volume() {
  VolumeTree tree;
  tree.security_descriptors.emplace_back();
  tree.inodes.emplace_back();
  tree.inodes[0].attributes = kAttributeDirectory;
  tree.names.emplace_back();
  return tree;
}

void put(VolumeTree& tree, std::u16string_view path, Bytes content) {
  const FileTimes times{1, 2, 3, 4};
  ASSERT_TRUE(TreeEditor(tree, times).put_bytes(path, std::move(content), kAttributeArchive));
}

// What Microsoft's media has of all that boots.
VolumeTree bootable_volume() {
  VolumeTree tree = empty_volume();
  put(tree, u"Windows\\Boot\\EFI\\bootmgfw.efi", efi_program(0x8664));
  put(tree, u"Windows\\Boot\\EFI\\boot.stl", text("signatures"));
  put(tree, u"Windows\\Boot\\EFI\\en-US\\bootmgfw.efi.mui", text("efi texts"));
  put(tree, u"Windows\\Boot\\PCAT\\bootmgr", text("16 bit"));
  put(tree, u"Windows\\Boot\\PCAT\\bootnxt", text("next"));
  put(tree, u"Windows\\Boot\\PCAT\\memtest.exe", text("memory"));
  put(tree, u"Windows\\Boot\\PCAT\\en-US\\bootmgr.exe.mui", text("pcat texts"));
  put(tree, u"Windows\\Boot\\Fonts\\wgl4_boot.ttf", text("font"));
  put(tree, u"Windows\\Boot\\Resources\\bootres.dll", text("picture"));
  put(tree, u"Windows\\System32\\winload.efi", text("efi loader"));
  put(tree, u"Windows\\System32\\winload.exe", text("pcat loader"));
  return tree;
}

std::u16string path_of(const VolumeTree& tree, std::uint32_t name) {
  const Dentry& dentry = tree.names[name];
  if (name == 0) return u"";
  return path_of(tree, dentry.parent) + u"\\" + dentry.name;
}

// "path attributes content" of every name below `folder`, sorted.
std::vector<std::string> listing(const VolumeTree& tree, std::u16string_view folder = u"") {
  std::vector<std::string> lines;
  for (std::uint32_t i = 1; i < tree.names.size(); ++i) {
    const std::u16string path = path_of(tree, i);
    if (!path.starts_with(folder)) continue;
    const Inode& inode = tree.inodes[tree.names[i].inode];
    Bytes attributes = {static_cast<std::uint8_t>(inode.attributes)};
    std::string line = to_utf8(path).value() + " " + to_hex(attributes);
    if (inode.content) {
      const auto loaded = inode.content->load();
      const std::string_view content = as_text(loaded->bytes());
      line += content.starts_with("regf") ? " a store"
              : content.starts_with("MZ") ? " a program"
                                          : " " + std::string(content);
    }
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

BcdInput input(Firmware firmware) {
  BcdInput bcd;
  bcd.firmware = firmware;
  bcd.title = "a minimal Windows";
  bcd.loader = parse_guid("01234567-89ab-4def-8123-456789abcdef");
  bcd.system_device = BootPartition{};
  bcd.os_device = BootPartition{};
  return bcd;
}

BootSetup must_set_up(VolumeTree& tree, Firmware firmware) {
  auto setup = set_up_boot(tree, input(firmware));
  EXPECT_TRUE(setup) << (setup ? "" : to_string(setup.error()));
  return std::move(*setup);
}

std::string error_of(VolumeTree& tree, Firmware firmware) {
  const auto setup = set_up_boot(tree, input(firmware));
  return setup ? "set up" : to_string(setup.error());
}

TEST(BootFiles, UefiGetsASystemPartition) {
  VolumeTree tree = bootable_volume();
  const auto before = listing(tree);
  const BootSetup setup = must_set_up(tree, Firmware::uefi);
  EXPECT_EQ(setup.missing, "");
  EXPECT_EQ(listing(tree), before) << "the Windows volume stays as it is";
  ASSERT_TRUE(setup.system_partition);
  EXPECT_THAT(
      listing(*setup.system_partition),
      ElementsAre("\\EFI 10", "\\EFI\\Boot 10", "\\EFI\\Boot\\bootx64.efi 20 a program", "\\EFI\\Microsoft 10",
                  "\\EFI\\Microsoft\\Boot 10", "\\EFI\\Microsoft\\Boot\\BCD 20 a store",
                  "\\EFI\\Microsoft\\Boot\\Fonts 10", "\\EFI\\Microsoft\\Boot\\Fonts\\wgl4_boot.ttf 20 font",
                  "\\EFI\\Microsoft\\Boot\\Resources 10", "\\EFI\\Microsoft\\Boot\\Resources\\bootres.dll 20 picture",
                  "\\EFI\\Microsoft\\Boot\\boot.stl 20 signatures", "\\EFI\\Microsoft\\Boot\\bootmgfw.efi 20 a program",
                  "\\EFI\\Microsoft\\Boot\\en-US 10", "\\EFI\\Microsoft\\Boot\\en-US\\bootmgfw.efi.mui 20 efi texts"));
}

TEST(BootFiles, UefiOfArm64) {
  VolumeTree tree = bootable_volume();
  put(tree, u"Windows\\Boot\\EFI\\bootmgfw.efi", efi_program(0xAA64));
  const BootSetup setup = must_set_up(tree, Firmware::uefi);
  EXPECT_THAT(listing(*setup.system_partition), Contains("\\EFI\\Boot\\bootaa64.efi 20 a program"));
}

TEST(BootFiles, UefiNeedsAProgramAsBootManager) {
  VolumeTree tree = bootable_volume();
  put(tree, u"Windows\\Boot\\EFI\\bootmgfw.efi", text("MZ"));
  EXPECT_EQ(error_of(tree, Firmware::uefi),
            "cannot make the disk boot: Windows\\Boot\\EFI\\bootmgfw.efi is no program of a machine that UEFI knows");
}

TEST(BootFiles, BiosGetsFilesBesideWindows) {
  VolumeTree tree = bootable_volume();
  const BootSetup setup = must_set_up(tree, Firmware::bios);
  EXPECT_EQ(setup.missing, "");
  EXPECT_FALSE(setup.system_partition);
  EXPECT_THAT(
      listing(tree, u"\\Boot"),
      ElementsAre("\\Boot 16", "\\Boot\\BCD 20 a store", "\\Boot\\Fonts 10", "\\Boot\\Fonts\\wgl4_boot.ttf 20 font",
                  "\\Boot\\Resources 10", "\\Boot\\Resources\\bootres.dll 20 picture", "\\Boot\\en-US 10",
                  "\\Boot\\en-US\\bootmgr.exe.mui 20 pcat texts", "\\Boot\\memtest.exe 20 memory"));
  EXPECT_THAT(listing(tree, u"\\bootmgr"), ElementsAre("\\bootmgr 27 16 bit"));
  EXPECT_THAT(listing(tree, u"\\BOOTNXT"), ElementsAre("\\BOOTNXT 26 next"));
  EXPECT_THAT(listing(tree, u"\\Windows\\Boot\\PCAT\\bootmgr"), ElementsAre("\\Windows\\Boot\\PCAT\\bootmgr 20 16 bit"))
      << "the original stays as it is";
}

TEST(BootFiles, TheStoreIsOfTheFirmwareAndTheTitle) {
  VolumeTree tree = bootable_volume();
  const BootSetup setup = must_set_up(tree, Firmware::uefi);
  const VolumeTree& system = *setup.system_partition;
  const Inode& store = system.inodes[system.names[*find_name(system, u"efi\\microsoft\\boot\\bcd")].inode];
  const auto loaded = store.content->load();
  const auto lines = test::hive_lines(loaded->bytes());
  const std::string loader = "NewStoreRoot\\Objects\\{01234567-89ab-4def-8123-456789abcdef}\\Elements\\";
  EXPECT_THAT(lines, Contains(loader + "12000004 Element = SZ a minimal Windows|"));
  EXPECT_THAT(lines, Contains(loader + "12000002 Element = SZ \\Windows\\system32\\winload.efi|"));
}

TEST(BootFiles, WithoutOneOfTheFilesItSaysWhichAndChangesNothing) {
  struct Case {
    Firmware firmware;
    std::vector<std::u16string_view> there;
    std::string missing;
  };
  const Case cases[] = {
      {Firmware::uefi, {}, "Windows\\Boot\\EFI\\bootmgfw.efi"},
      {Firmware::uefi, {u"Windows\\System32\\winload.efi"}, "Windows\\Boot\\EFI\\bootmgfw.efi"},
      {Firmware::uefi, {u"Windows\\Boot\\EFI\\bootmgfw.efi"}, "Windows\\System32\\winload.efi"},
      {Firmware::uefi,
       {u"Windows\\Boot\\EFI\\bootmgfw.efi", u"Windows\\System32\\winload.exe"},
       "Windows\\System32\\winload.efi"},
      {Firmware::uefi, {u"Windows\\Boot\\EFI\\bootmgfw.efi\\x"}, "Windows\\Boot\\EFI\\bootmgfw.efi"},
      {Firmware::bios, {u"Windows\\System32\\winload.exe"}, "Windows\\Boot\\PCAT\\bootmgr"},
      {Firmware::bios,
       {u"Windows\\Boot\\PCAT\\bootmgr", u"Windows\\System32\\winload.efi"},
       "Windows\\System32\\winload.exe"},
  };
  for (const Case& c : cases) {
    VolumeTree tree = empty_volume();
    for (const auto path : c.there) put(tree, path, efi_program(0x8664));
    const auto before = listing(tree);
    const BootSetup setup = must_set_up(tree, c.firmware);
    EXPECT_EQ(setup.missing, c.missing);
    EXPECT_FALSE(setup.system_partition);
    EXPECT_EQ(listing(tree), before);
    EXPECT_EQ(setup.ntfs_boot_record.size(), kNtfsBootRecordSize);
  }
}

TEST(BootFiles, NamesAreFoundInAnyCase) {
  VolumeTree tree = empty_volume();
  put(tree, u"WINDOWS\\boot\\pcat\\BOOTMGR", text("16 bit"));
  put(tree, u"WINDOWS\\system32\\WinLoad.exe", text("loader"));
  EXPECT_EQ(must_set_up(tree, Firmware::bios).missing, "");
}

TEST(BootFiles, WhatTheImageHasInPlaceIsGivenTheNewContent) {
  VolumeTree tree = bootable_volume();
  put(tree, u"BOOTMGR", text("older"));
  put(tree, u"boot\\bcd", text("of another disk"));
  const std::size_t names = tree.names.size();
  must_set_up(tree, Firmware::bios);
  EXPECT_THAT(listing(tree, u"\\BOOTMGR"), ElementsAre("\\BOOTMGR 27 16 bit"));
  EXPECT_THAT(listing(tree, u"\\boot\\bcd"), ElementsAre("\\boot\\bcd 20 a store"));
  EXPECT_EQ(tree.names.size(), names + 8);
}

TEST(BootFiles, AFolderInTheWayIsAnError) {
  VolumeTree tree = bootable_volume();
  put(tree, u"bootmgr\\x", text(""));
  EXPECT_EQ(error_of(tree, Firmware::bios), "cannot add bootmgr to the volume: there is a folder of that name");
}

TEST(BootFiles, TheBootRecordIsTheImagesOwnWhenItBringsOne) {
  VolumeTree tree = bootable_volume();
  EXPECT_EQ(must_set_up(tree, Firmware::bios).ntfs_boot_record,
            Bytes(ntfs_boot_record().begin(), ntfs_boot_record().end()));
  Bytes library(300, 0x90);
  const std::string start = "\xEB\x52\x90NTFS    ";
  library.insert(library.end(), start.begin(), start.end());
  library.resize(300 + kNtfsBootRecordSize, 0xAB);
  library[300 + 0x1FE] = 0x55;
  library[300 + 0x1FF] = 0xAA;
  const Bytes name = {7, 0, 'B', 0, 'O', 0, 'O', 0, 'T', 0, 'M', 0, 'G', 0, 'R', 0};
  std::copy(name.begin(), name.end(), library.begin() + 300 + 512);
  const Bytes record(library.begin() + 300, library.end());
  put(tree, u"Windows\\System32\\untfs.dll", library);
  EXPECT_EQ(must_set_up(tree, Firmware::bios).ntfs_boot_record, record);
  put(tree, u"Windows\\System32\\untfs.dll", text("another's, without a boot record"));
  EXPECT_EQ(must_set_up(tree, Firmware::bios).ntfs_boot_record[0x54], ntfs_boot_record()[0x54]);
}

TEST(BootFiles, ABootmgrThatWinnowsRecordCannotLoadIsAnError) {
  VolumeTree tree = bootable_volume();
  put(tree, u"Windows\\Boot\\PCAT\\bootmgr", Bytes(512'001));
  EXPECT_EQ(
      error_of(tree, Firmware::bios),
      "cannot make the disk boot: Windows\\Boot\\PCAT\\bootmgr has 512001 bytes, winnow's boot record loads at most "
      "512000");
}

TEST(BootFiles, WhatFirmwareReadsMustNotBeCompressed) {
  VolumeTree tree = bootable_volume();
  Inode& bootmgr = tree.inodes[tree.names[*find_name(tree, u"Windows\\Boot\\PCAT\\bootmgr")].inode];
  bootmgr.extras = std::make_unique<InodeExtras>();
  bootmgr.extras->hole = 6;
  EXPECT_EQ(error_of(tree, Firmware::bios),
            "cannot copy bootmgr to where firmware reads it: the image has it compressed (WOF)");
}

}  // namespace
}  // namespace winnow
