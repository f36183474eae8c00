// What a volume holds from which Windows is started in memory: the WIM file with all of the image, and boot.sdi, the
// empty NTFS volume that the boot manager puts into memory with it.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "image/boot/bcd_store.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

struct RamDiskVolume {
  VolumeTree tree;
  bool has_own_sdi = false;  // winnow's own, because the image brings none
};

// A volume with `wim` and boot.sdi where `bcd.ram_disk` says, nothing else. boot.sdi is Windows\Boot\DVD\EFI's or
// PCAT's, that of bcd.firmware first; else make_boot_sdi(). Errors: one that is no SDI file, or cannot be read.
// Precondition: bcd.ram_disk.
[[nodiscard]] Result<RamDiskVolume> ram_disk_volume(const VolumeTree& windows, Content wim, const BcdInput& bcd,
                                                    std::uint64_t serial);

// An SDI file with an NTFS volume that has half a MiB free, as Microsoft's has (formats/sdi.hpp says how sure that is;
// no Windows has ever started from this one). `time`: FILETIME of its system files.
[[nodiscard]] Result<Bytes> make_boot_sdi(std::uint64_t serial, std::uint64_t time);

}  // namespace winnow
