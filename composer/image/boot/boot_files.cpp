#include "image/boot/boot_files.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utf16.hpp"
#include "formats/pe.hpp"
#include "image/boot/boot_code.hpp"
#include "image/boot/tree_editor.hpp"
#include "plan/file_tree.hpp"
#include "plan/security_descriptor.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kHiddenSystem = kAttributeHidden | kAttributeSystem;
constexpr std::uint32_t kBootmgrAttributes = kHiddenSystem | kAttributeReadOnly | kAttributeArchive;
// What is left of the 640 KiB above 0x20000 with some of it to the firmware (ntfs_boot.S).
constexpr ByteCount kMaxBootmgrSize = 500 * 1024;

std::vector<std::u16string_view> required_files(Firmware firmware) {
  if (firmware == Firmware::uefi) return {u"Windows\\Boot\\EFI\\bootmgfw.efi", u"Windows\\System32\\winload.efi"};
  return {u"Windows\\Boot\\PCAT\\bootmgr", u"Windows\\System32\\winload.exe"};
}

std::string shown(std::u16string_view path) { return to_utf8(path).value_or("?"); }

tl::unexpected<Error> failure(std::u16string_view path, std::string_view reason) {
  return fail("cannot make the disk boot: " + shown(path) + " " + std::string(reason));
}

Result<LoadedContent> load(const Inode& inode) {
  static const Content empty = Content::of_bytes({});
  const Content& content = inode.content ? *inode.content : empty;
  return inode.digest ? content.load_verified(*inode.digest) : content.load();
}

// Where firmware without a boot entry of its own looks, by the boot manager's machine (UEFI 2.10, 3.5.1.1).
Result<std::u16string_view> removable_name(const Inode& boot_manager, std::u16string_view path) {
  struct Name {
    std::uint16_t machine;
    std::u16string_view name;
  };
  constexpr std::array<Name, 4> kNames = {
      {{0x8664, u"bootx64.efi"}, {0xAA64, u"bootaa64.efi"}, {0x014C, u"bootia32.efi"}, {0x01C4, u"bootarm.efi"}}};
  WINNOW_TRY(const LoadedContent loaded, load(boot_manager));
  const ByteView bytes = loaded.bytes();
  const auto header = read_le<std::uint32_t>(bytes, pe::DosHeader::kPeOffset);
  const auto machine =
      header ? read_le<std::uint16_t>(bytes, *header + pe::kSignature.size() + pe::CoffHeader::kMachine) : std::nullopt;
  const auto name =
      std::find_if(kNames.begin(), kNames.end(), [&](const Name& known) { return known.machine == machine; });
  if (!as_text(bytes).starts_with(pe::DosHeader::kMagic) || name == kNames.end()) {
    return failure(path, "is no program of a machine that UEFI knows");
  }
  return name->name;
}

Result<VolumeTree> system_partition(const VolumeTree& windows, const BcdInput& bcd) {
  constexpr std::u16string_view kBootManager = u"Windows\\Boot\\EFI\\bootmgfw.efi";
  const Inode& manager = windows.inodes[windows.names[*find_name(windows, kBootManager)].inode];
  WINNOW_TRY(const std::u16string_view removable, removable_name(manager, kBootManager));
  WINNOW_TRY(Bytes store, write_bcd_store(bcd));
  VolumeTree tree;
  WINNOW_TRY(auto descriptor, parse_sddl(kDirectorySddl));  // which FAT does not keep
  tree.security_descriptors.push_back(std::move(descriptor));
  const FileTimes times{bcd.time, bcd.time, bcd.time, bcd.time};
  tree.inodes.push_back({kAttributeDirectory, 0, times, {}, {}, {}});
  tree.names.emplace_back();
  TreeEditor editor(tree, times);
  WINNOW_CHECK(editor.copy_file(windows, kBootManager, u"EFI\\Boot\\" + std::u16string(removable)));
  WINNOW_CHECK(editor.copy_folder(windows, u"Windows\\Boot\\EFI", u"EFI\\Microsoft\\Boot"));
  WINNOW_CHECK(editor.copy_folder(windows, u"Windows\\Boot\\Fonts", u"EFI\\Microsoft\\Boot\\Fonts"));
  WINNOW_CHECK(editor.copy_folder(windows, u"Windows\\Boot\\Resources", u"EFI\\Microsoft\\Boot\\Resources"));
  WINNOW_CHECK(editor.put_bytes(u"EFI\\Microsoft\\Boot\\BCD", std::move(store), kAttributeArchive));
  return tree;
}

Result<Bytes> boot_record_of(const VolumeTree& windows) {
  if (const auto library = find_name(windows, u"Windows\\System32\\untfs.dll")) {
    WINNOW_TRY(const LoadedContent loaded, load(windows.inodes[windows.names[*library].inode]));
    if (auto record = find_ntfs_boot_record(loaded.bytes())) return std::move(*record);
  }
  constexpr std::u16string_view kBootmgr = u"Windows\\Boot\\PCAT\\bootmgr";
  const Inode& bootmgr = windows.inodes[windows.names[*find_name(windows, kBootmgr)].inode];
  if (bootmgr.content && bootmgr.content->size() > kMaxBootmgrSize) {
    return failure(kBootmgr, "has " + std::to_string(bootmgr.content->size()) +
                                 " bytes, winnow's boot record loads at most " + std::to_string(kMaxBootmgrSize));
  }
  return Bytes(ntfs_boot_record().begin(), ntfs_boot_record().end());
}

Result<void> add_bios_files(const VolumeTree& windows, VolumeTree& volume, const BcdInput& bcd) {
  WINNOW_TRY(Bytes store, write_bcd_store(bcd));
  TreeEditor editor(volume, {bcd.time, bcd.time, bcd.time, bcd.time});
  WINNOW_CHECK(editor.copy_folder(windows, u"Windows\\Boot\\PCAT", u"Boot", {u"bootmgr", u"bootnxt"}));
  editor.add_attributes(u"Boot", kHiddenSystem);
  WINNOW_CHECK(editor.copy_folder(windows, u"Windows\\Boot\\Fonts", u"Boot\\Fonts"));
  WINNOW_CHECK(editor.copy_folder(windows, u"Windows\\Boot\\Resources", u"Boot\\Resources"));
  WINNOW_CHECK(editor.put_bytes(u"Boot\\BCD", std::move(store), kAttributeArchive));
  WINNOW_CHECK(editor.copy_file(windows, u"Windows\\Boot\\PCAT\\bootmgr", u"bootmgr"));
  editor.add_attributes(u"bootmgr", kBootmgrAttributes);
  if (find_name(windows, u"Windows\\Boot\\PCAT\\bootnxt")) {
    WINNOW_CHECK(editor.copy_file(windows, u"Windows\\Boot\\PCAT\\bootnxt", u"BOOTNXT"));
    editor.add_attributes(u"BOOTNXT", kHiddenSystem | kAttributeArchive);
  }
  return {};
}

}  // namespace

Result<BootSetup> set_up_boot(VolumeTree& windows, const BcdInput& bcd) { return set_up_boot(windows, windows, bcd); }

Result<BootSetup> set_up_boot(const VolumeTree& windows, VolumeTree& volume, const BcdInput& bcd) {
  BootSetup setup;
  setup.ntfs_boot_record.assign(ntfs_boot_record().begin(), ntfs_boot_record().end());
  for (const std::u16string_view path : required_files(bcd.firmware)) {
    const auto name = find_name(windows, path);
    if (!name || (windows.inodes[windows.names[*name].inode].attributes & kAttributeDirectory) != 0) {
      setup.missing = shown(path);
      return setup;
    }
  }
  if (bcd.firmware == Firmware::uefi) {
    WINNOW_TRY(setup.system_partition, system_partition(windows, bcd));
    return setup;
  }
  WINNOW_TRY(setup.ntfs_boot_record, boot_record_of(windows));
  WINNOW_CHECK(add_bios_files(windows, volume, bcd));
  return setup;
}

}  // namespace winnow
