// A file tree as a disk that firmware starts, when the tree brings what that takes: partitions, an EFI system partition
// or a boot record, the boot configuration, the Windows volume, in the disk format asked for. One pass, nothing
// between.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "image/boot/bcd_store.hpp"
#include "image/disk/disk_writer.hpp"
#include "image/disk/ntfs/wof.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

struct WimOptions;
struct WriteReport;

struct DiskOptions {
  std::optional<Firmware> firmware;  // bios = MBR, what Hyper-V calls generation 1; uefi = GPT, generation 2
  bool fixed = false;                // VHD: all bytes there, as Azure takes it
  ByteCount size = 0;                // of the disk; 0 = what the content needs, and `free_space`
  ByteCount free_space = 0;          // on the Windows volume
  bool short_names = false;          // give files DOS names, as Windows does where it is told to
  std::optional<WofFormat> compact;  // compress files as Windows' CompactOS does
  bool ram_disk = false;             // Windows runs in memory from a WIM file; image writers heed it
  std::string label;                 // of the Windows volume
  BcdOptions boot;
};

struct DiskDescription {
  std::string title;         // of Windows in the boot menu
  std::int64_t created = 0;  // seconds since 1970: all times that are not the tree's
};

// Ids, signatures and serials are derived from the tree. The report's notes say when the disk does not boot by itself,
// and why. Error: whatever does not fit; "cannot write <target>: …".
[[nodiscard]] Result<WriteReport> write_disk_image(VolumeTree tree, const DiskDescription& description,
                                                   DiskFormat format, const DiskOptions& options,
                                                   const std::filesystem::path& target, Progress& progress);

// A disk from which Windows runs in memory: `windows` is in a WIM file, described by `wim`, of the volume that else
// holds it. The file waits in an unnamed one beside `target` while the disk is laid out. options.compact is not heeded.
[[nodiscard]] Result<WriteReport> write_ram_disk_image(VolumeTree windows, const WimOptions& wim,
                                                       const DiskDescription& description, DiskFormat format,
                                                       const DiskOptions& options, const std::filesystem::path& target,
                                                       Progress& progress);

}  // namespace winnow
