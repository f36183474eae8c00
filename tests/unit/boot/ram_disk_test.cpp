#include "image/boot/ram_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/utf16.hpp"
#include "image/boot/boot_files.hpp"
#include "image/boot/tree_editor.hpp"
#include "image/disk/check/check_disk.hpp"
#include "plan/file_tree.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;

constexpr std::size_t kVolume = 8192;  // where Microsoft's boot.sdi has its own, as its descriptions say

Bytes text(std::string_view content) { return Bytes(content.begin(), content.end()); }

Bytes sdi_file(std::string_view mark) {
  Bytes file = text("$SDI0001");
  file.resize(2048);
  file.insert(file.end(), mark.begin(), mark.end());
  return file;
}

VolumeTree windows_tree() {
  VolumeTree tree;
  tree.security_descriptors = {text("unused"), text("root")};
  Inode& root = tree.inodes.emplace_back();
  root.attributes = kAttributeDirectory;
  root.security = 1;
  root.times = {1, 2, 3, 4};
  tree.names.emplace_back();
  return tree;
}

void put(VolumeTree& tree, std::u16string_view path, Bytes content) {
  ASSERT_TRUE(TreeEditor(tree, {5, 5, 5, 5}).put_bytes(path, std::move(content), kAttributeArchive));
}

BcdInput input(Firmware firmware) {
  BcdInput bcd;
  bcd.firmware = firmware;
  bcd.loader = parse_guid("01234567-89ab-4def-8123-456789abcdef");
  bcd.system_device = bcd.os_device = BootPartition{};
  bcd.ram_disk = RamDiskBoot{};
  bcd.time = 7;
  return bcd;
}

Result<RamDiskVolume> volume_of(const VolumeTree& windows, Firmware firmware) {
  return ram_disk_volume(windows, Content::of_bytes(text("the WIM file")), input(firmware), 1);
}

Bytes content_of(const VolumeTree& tree, std::u16string_view path) {
  const auto name = find_name(tree, path);
  if (!name) return {};
  const auto loaded = tree.inodes[tree.names[*name].inode].content->load();
  return Bytes(loaded->bytes().begin(), loaded->bytes().end());
}

std::vector<std::string> names_of(const VolumeTree& tree) {
  std::vector<std::string> names;
  for (std::uint32_t i = 1; i < tree.names.size(); ++i) names.push_back(path_text(tree, i));
  return names;
}

std::uint64_t number(ByteView bytes, std::size_t at) { return *read_le<std::uint64_t>(bytes, at); }

// The numbers are those that formats/sdi.hpp has descriptions for, written out.
TEST(BootSdi, IsAHeaderATableAndAVolume) {
  const Bytes file = make_boot_sdi(0x1122334455667788, to_filetime(0)).value();
  Bytes header(512);
  std::copy_n("$SDI0001", 8, header.begin());
  header[0x70] = 2;      // pages a blob begins at a multiple of
  header[0x1F8] = 0x39;  // so that all 512 bytes add up to 0
  EXPECT_EQ(Bytes(file.begin(), file.begin() + 512), header);

  const ByteView table = ByteView(file).subspan(0x400);
  EXPECT_EQ(as_text(table.first(8)), std::string_view("PART\0\0\0\0", 8));
  EXPECT_EQ(number(table, 0x08), 0u);
  EXPECT_EQ(number(table, 0x10), kVolume);
  EXPECT_EQ(number(table, 0x18), file.size() - kVolume);
  EXPECT_EQ(number(table, 0x20), 7u);
  EXPECT_EQ(as_text(table.subspan(0x40, 8)), std::string_view("WIM\0\0\0\0\0", 8));
  EXPECT_EQ(number(table, 0x50), file.size());
  EXPECT_EQ(number(table, 0x58), 0u);
  EXPECT_EQ(number(table, 0x80), 0u) << "the table ends";
  EXPECT_EQ(file.size() % kVolume, 0u);
  EXPECT_LT(file.size(), 4u << 20);
}

TEST(BootSdi, TheVolumeIsSoundAndTheSameEveryTime) {
  const Bytes file = make_boot_sdi(0x1122334455667788, to_filetime(0)).value();
  const VerifyReport report = check_disk_bytes(ByteView(file).subspan(kVolume));
  EXPECT_EQ(report.violations.size(), 0u) << report.violations.front().message;
  EXPECT_GT(report.entries, 10u);
  EXPECT_EQ(number(file, kVolume + 0x48), 0x1122334455667788u) << "its serial";
  EXPECT_EQ(make_boot_sdi(0x1122334455667788, to_filetime(0)).value(), file);
}

TEST(RamDisk, AVolumeHoldsTheWimFileAndBootSdi) {
  VolumeTree windows = windows_tree();
  put(windows, u"Windows\\explorer.exe", text("not here"));
  const auto volume = volume_of(windows, Firmware::uefi);
  ASSERT_TRUE(volume) << to_string(volume.error());
  EXPECT_THAT(names_of(volume->tree), ElementsAre("sources", "sources\\boot.wim", "boot", "boot\\boot.sdi"));
  EXPECT_EQ(content_of(volume->tree, u"sources\\boot.wim"), text("the WIM file"));
  EXPECT_EQ(content_of(volume->tree, u"boot\\boot.sdi"), make_boot_sdi(1, 7).value());
  EXPECT_TRUE(volume->has_own_sdi);
  EXPECT_THAT(volume->tree.security_descriptors, ElementsAre(text("root")));
  EXPECT_EQ(volume->tree.inodes[0].times.modified, 2u);
}

TEST(RamDisk, TheImagesOwnBootSdiIsTakenByFirmware) {
  VolumeTree windows = windows_tree();
  put(windows, u"Windows\\Boot\\DVD\\PCAT\\boot.sdi", sdi_file("PCAT"));
  EXPECT_EQ(content_of(volume_of(windows, Firmware::uefi)->tree, u"boot\\boot.sdi"), sdi_file("PCAT"));
  put(windows, u"Windows\\Boot\\DVD\\EFI\\boot.sdi", sdi_file("EFI"));
  EXPECT_EQ(content_of(volume_of(windows, Firmware::uefi)->tree, u"boot\\boot.sdi"), sdi_file("EFI"));
  EXPECT_EQ(content_of(volume_of(windows, Firmware::bios)->tree, u"boot\\boot.sdi"), sdi_file("PCAT"));
  EXPECT_FALSE(volume_of(windows, Firmware::bios)->has_own_sdi);
}

TEST(RamDisk, ABootSdiThatIsNoneIsAnError) {
  for (const Bytes& content : {text(""), text("$SDI0001"), Bytes(5000)}) {
    VolumeTree windows = windows_tree();
    put(windows, u"Windows\\Boot\\DVD\\EFI\\boot.sdi", content);
    const auto volume = volume_of(windows, Firmware::uefi);
    ASSERT_FALSE(volume);
    EXPECT_EQ(to_string(volume.error()), "cannot make the disk boot: Windows\\Boot\\DVD\\EFI\\boot.sdi is no SDI file");
  }
}

TEST(RamDisk, ABiosFindsItsFilesOnTheVolumeNotInTheTreeOfWindows) {
  VolumeTree windows = windows_tree();
  put(windows, u"Windows\\Boot\\PCAT\\bootmgr", text("16 bit"));
  put(windows, u"Windows\\System32\\winload.exe", text("loader"));
  const auto before = names_of(windows);
  auto volume = volume_of(windows, Firmware::bios);
  const auto setup = set_up_boot(windows, volume->tree, input(Firmware::bios));
  ASSERT_TRUE(setup) << to_string(setup.error());
  EXPECT_EQ(setup->missing, "");
  EXPECT_EQ(names_of(windows), before);
  EXPECT_THAT(names_of(volume->tree),
              ElementsAre("sources", "sources\\boot.wim", "boot", "boot\\boot.sdi", "boot\\BCD", "bootmgr"));
}

}  // namespace
}  // namespace winnow
