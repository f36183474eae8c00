// What firmware needs besides Windows' own folder, made from what the image brings: the files of an EFI system
// partition or those that a BIOS' boot record looks for, and the boot configuration. An image either brings all of it
// and boots, or one file is named that it lacks; nothing in between.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/boot/bcd_store.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

struct BootSetup {
  // The file without which the image does not boot by itself ("Windows\Boot\EFI\bootmgfw.efi"); "" = it boots.
  std::string missing;
  // UEFI, when it boots: \EFI\Boot\bootx64.efi (or what the boot manager's machine is called), \EFI\Microsoft\Boot.
  std::optional<VolumeTree> system_partition;
  // 16 sectors for the Windows volume: Microsoft's from the image's own untfs.dll when it boots by BIOS and has one,
  // else winnow's. What of bytes kBpbStart to kBpbEnd (image/boot/boot_code.hpp) is in it is for the volume's writer to
  // replace.
  Bytes ntfs_boot_record;
};

// Does what bcdboot does for bcd.firmware (windows-formats.md 3.7, 3.8). For a BIOS it adds \bootmgr, \BOOTNXT and
// \Boot to `windows` (a file already there is given the new content); for UEFI, and when something is missing,
// `windows` stays as it is. Reads Windows\System32\untfs.dll and the first bytes of bootmgfw.efi, nothing else. Error:
// a file that cannot be read, is no boot manager, or that winnow's boot record could not load.
[[nodiscard]] Result<BootSetup> set_up_boot(VolumeTree& windows, const BcdInput& bcd);

// The same where Windows and its loader lie in a file of `volume`: what a BIOS needs is added to that.
[[nodiscard]] Result<BootSetup> set_up_boot(const VolumeTree& windows, VolumeTree& volume, const BcdInput& bcd);

}  // namespace winnow
