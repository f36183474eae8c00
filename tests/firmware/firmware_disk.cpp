// firmware_disk FOLDER OUTPUT raw|vhd|vhd-dynamic|vhdx bios|uefi TITLE: a folder of the host as a disk that firmware
// starts, of the parts that `winnow compose` has. Error when the folder has not all that booting takes.
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "formats/gpt.hpp"
#include "formats/mbr.hpp"
#include "image/boot/boot_code.hpp"
#include "image/boot/boot_files.hpp"
#include "image/disk/disk_writer.hpp"
#include "image/disk/fat32/fat32_volume.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "image/disk/partition_table.hpp"
#include "image_reader/folder_tree.hpp"

namespace winnow {
namespace {

constexpr ByteCount kMiB = 1u << 20;
constexpr ByteCount kReserved = 16 * kMiB;
constexpr std::uint32_t kSignature = 0x5EED5EED;

const Guid kDisk = parse_guid("d15c0000-0001-4002-8003-000000000004");
const Guid kSystem = parse_guid("e5900000-0001-4002-8003-000000000004");
const Guid kWindows = parse_guid("05000000-0001-4002-8003-000000000004");

BcdInput boot_configuration(Firmware firmware, std::string_view title) {
  BcdInput bcd;
  bcd.firmware = firmware;
  bcd.title = title;
  bcd.loader = parse_guid("01234567-89ab-4def-8123-456789abcdef");
  if (firmware == Firmware::uefi) {
    bcd.system_device = GptDevice{kDisk, kSystem};
    bcd.os_device = GptDevice{kDisk, kWindows};
  } else {
    bcd.system_device = bcd.os_device = MbrDevice{kSignature, kMiB};
  }
  return bcd;
}

Result<DiskLayout> lay_out_disk(VolumeTree tree, Firmware firmware, std::string_view title) {
  WINNOW_TRY(BootSetup boot, set_up_boot(tree, boot_configuration(firmware, title)));
  if (!boot.missing.empty()) return fail("the folder has no " + boot.missing);
  DiskLayout disk;
  ByteCount end = kMiB;
  std::vector<GptPartition> partitions;
  if (boot.system_partition) {
    Fat32Options fat;
    fat.hidden_sectors = static_cast<std::uint32_t>(end / 512);
    WINNOW_TRY(Fat32Volume system, plan_fat32_volume(std::move(*boot.system_partition), fat));
    add_volume(disk, end, system.layout);
    partitions.push_back({parse_guid(gpt::kEfiSystem), kSystem, u"EFI system partition", end, system.layout.size, 0});
    end = (end + system.layout.size + kMiB - 1) / kMiB * kMiB;
    partitions.push_back({parse_guid(gpt::kMicrosoftReserved), derive_guid({}, "reserved"),
                          u"Microsoft reserved partition", end, kReserved, 0});
    end += kReserved;
  }
  NtfsOptions ntfs;
  ntfs.hidden_sectors = end / 512;
  ntfs.boot_record = boot.ntfs_boot_record;
  WINNOW_TRY(NtfsVolume volume, plan_ntfs_volume(std::move(tree), ntfs));
  add_volume(disk, end, volume.layout);
  partitions.push_back({parse_guid(gpt::kBasicData), kWindows, u"Basic data partition", end, volume.layout.size, 0});
  disk.size = end + volume.layout.size + kMiB;
  const ByteView code = mbr_boot_code().first(439);
  WINNOW_TRY(PartitionTable table,
             firmware == Firmware::uefi
                 ? gpt_table(disk.size, kDisk, partitions)
                 : mbr_table(disk.size, kSignature, code, {{mbr::entry::kTypeNtfs, end, volume.layout.size, true}}));
  disk.segments.insert(disk.segments.begin(), std::move(table.start));
  if (table.end) disk.segments.push_back(std::move(*table.end));
  return disk;
}

Result<DiskWriteReport> write(char** arguments) {
  const std::map<std::string_view, DiskFormat> formats = {{"raw", DiskFormat::kRaw},
                                                          {"vhd", DiskFormat::kVhdFixed},
                                                          {"vhd-dynamic", DiskFormat::kVhdDynamic},
                                                          {"vhdx", DiskFormat::kVhdx}};
  const Firmware firmware = std::string_view(arguments[4]) == "uefi" ? Firmware::uefi : Firmware::bios;
  WINNOW_TRY(VolumeTree tree, scan_folder(arguments[1]));
  WINNOW_TRY(const DiskLayout disk, lay_out_disk(std::move(tree), firmware, arguments[5]));
  SilentProgress progress;
  return write_disk(disk, formats.at(arguments[3]), {}, arguments[2], progress);
}

}  // namespace
}  // namespace winnow

int main(int count, char** arguments) {
  if (count != 6) return 2;
  const auto written = winnow::write(arguments);
  if (!written) std::fprintf(stderr, "%s\n", winnow::to_string(written.error()).c_str());
  return written ? 0 : 1;
}
