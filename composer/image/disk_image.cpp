#include "image/disk_image.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/round_up.hpp"
#include "base/utf16.hpp"
#include "formats/gpt.hpp"
#include "formats/mbr.hpp"
#include "image/boot/boot_code.hpp"
#include "image/boot/boot_files.hpp"
#include "image/boot/ram_disk.hpp"
#include "image/disk/fat32/fat32_volume.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "image/disk/partition_table.hpp"
#include "image/disk/short_name.hpp"
#include "image/image_writer.hpp"
#include "image/plan_tree.hpp"
#include "image/step_timer.hpp"
#include "image/wim/wim_writer.hpp"

namespace winnow {

namespace {

constexpr ByteCount kMiB = 1u << 20;
constexpr ByteCount kSector = 512;
constexpr ByteCount kReservedPartition = 16 * kMiB;  // Microsoft reserved: what Windows 10 and later make
constexpr std::uint32_t kFreeRecords = 256;          // of a volume with room for files to come: what Windows formats
constexpr ByteCount kGptTail = kMiB;                 // for the backup table, so that the disk is whole MiB

// The volumes of one disk, and where they stand.
class DiskBuilder {
 public:
  DiskBuilder(VolumeTree tree, const Digest& seed, const DiskDescription& description, Firmware firmware,
              const DiskOptions& options)
      : tree_(std::move(tree)),
        description_(description),
        firmware_(firmware),
        options_(options),
        seed_(seed),
        disk_id_(derive_guid(seed_, "disk")),
        windows_id_(derive_guid(seed_, "Windows partition")),
        signature_(derive_u32(seed_, "disk signature")) {}

  [[nodiscard]] const Digest& seed() const { return seed_; }
  // Windows runs in memory from this file.
  void boot_from(Content wim) { wim_ = std::move(wim); }

  Result<DiskLayout> build(const std::filesystem::path& scratch_folder, WriteReport& report, Progress& progress) {
    WINNOW_TRY(BootSetup boot, wim_ ? set_up_ram_disk(report) : set_up_boot(tree_, bcd_input()));
    if (!boot.missing.empty()) {
      report.notes.push_back("does not boot by itself: the image has no " + boot.missing);
    }
    if (boot.system_partition) WINNOW_CHECK(add_system_partition(*boot.system_partition));
    if (options_.compact && !wim_) {
      WINNOW_TRY(const WofReport packed, compress_files(tree_, *options_.compact, scratch_folder, progress));
      report.notes.push_back("compressed " + std::to_string(packed.files) + " files from " +
                             std::to_string(packed.before) + " to " + std::to_string(packed.after) + " bytes");
    }
    WINNOW_CHECK(add_windows_volume(std::move(boot.ntfs_boot_record), report));
    return finish();
  }

 private:
  [[nodiscard]] bool is_gpt() const { return firmware_ == Firmware::uefi; }

  Result<BootSetup> set_up_ram_disk(WriteReport& report) {
    const BcdInput bcd = bcd_input();
    WINNOW_TRY(RamDiskVolume volume, ram_disk_volume(tree_, *wim_, bcd, derive_u64(seed_, "RAM disk volume serial")));
    WINNOW_TRY(BootSetup boot, set_up_boot(tree_, volume.tree, bcd));
    if (volume.has_own_sdi) {
      report.notes.emplace_back(
          "boot.sdi is winnow's own, the image has none: no Windows has ever been started from it");
    }
    tree_ = std::move(volume.tree);
    return boot;
  }

  // A Windows partition behind an EFI system partition begins where that ends, which only its size tells; the boot
  // configuration names partitions of a GPT by id, so it can be written before.
  [[nodiscard]] BcdInput bcd_input() const {
    BcdInput bcd;
    bcd.firmware = firmware_;
    if (is_gpt()) {
      bcd.system_device = GptDevice{disk_id_, derive_guid(seed_, "EFI system partition")};
      bcd.os_device = GptDevice{disk_id_, windows_id_};
    } else {
      bcd.system_device = bcd.os_device = MbrDevice{signature_, kMiB};
    }
    if (wim_) {
      bcd.ram_disk = RamDiskBoot{};
      if (!is_gpt()) bcd.os_device = BootPartition{};  // as Windows PE's media say it
    }
    bcd.loader = derive_guid(seed_, "boot loader");
    bcd.title = description_.title;
    bcd.time = to_filetime(description_.created);
    bcd.options = options_.boot;
    return bcd;
  }

  void add_partition(const Guid& type, const Guid& id, std::u16string name, ByteCount length,
                     std::uint64_t attributes) {
    partitions_.push_back({type, id, std::move(name), end_, length, attributes});
    end_ += length;
  }

  Result<void> add_system_partition(const VolumeTree& files) {
    Fat32Options fat;
    fat.hidden_sectors = static_cast<std::uint32_t>(end_ / kSector);
    fat.serial = derive_u32(seed_, "EFI system partition serial");
    WINNOW_TRY(Fat32Volume volume, plan_fat32_volume(files, fat));
    add_volume(layout_, end_, volume.layout);
    add_partition(parse_guid(gpt::kEfiSystem), derive_guid(seed_, "EFI system partition"), u"EFI system partition",
                  round_up(volume.layout.size, kMiB), gpt::kNoDriveLetter);
    add_partition(parse_guid(gpt::kMicrosoftReserved), derive_guid(seed_, "Microsoft reserved partition"),
                  u"Microsoft reserved partition", kReservedPartition, gpt::kNoDriveLetter);
    return {};
  }

  Result<void> add_windows_volume(Bytes boot_record, WriteReport& report) {
    NtfsOptions ntfs;
    const ByteCount tail = is_gpt() ? kGptTail : 0;
    if (options_.size != 0) {
      const ByteCount used = end_ + tail;
      const ByteCount size = options_.size / kMiB * kMiB;
      // A disk too small for anything still says how much is missing.
      ntfs.size = size > used ? size - used : kMiB;
    }
    ntfs.free_space = options_.free_space;
    if (options_.size != 0 || options_.free_space != 0) ntfs.free_records = kFreeRecords;
    ntfs.hidden_sectors = end_ / kSector;
    ntfs.serial = derive_u64(seed_, "Windows volume serial");
    ntfs.time = to_filetime(description_.created);
    ntfs.dos_names = options_.short_names;
    ntfs.boot_record = std::move(boot_record);
    const auto label = to_utf16(options_.label);
    if (!label) return fail("cannot use label \"" + options_.label + "\": it is not UTF-8");
    ntfs.label = *label;
    if (options_.short_names) add_short_names(tree_);
    WINNOW_TRY(NtfsVolume volume, plan_ntfs_volume(std::move(tree_), ntfs));
    add_volume(layout_, end_, volume.layout);
    add_partition(parse_guid(gpt::kBasicData), windows_id_, u"Basic data partition", volume.layout.size, 0);
    layout_.size = options_.size != 0 ? options_.size / kMiB * kMiB : round_up(end_ + tail, kMiB);
    report.volume = volume.report;
    return {};
  }

  Result<DiskLayout> finish() {
    WINNOW_TRY(PartitionTable table, partition_table());
    layout_.segments.insert(layout_.segments.begin(), std::move(table.start));
    if (table.end) layout_.segments.push_back(std::move(*table.end));
    return std::move(layout_);
  }

  [[nodiscard]] Result<PartitionTable> partition_table() const {
    if (is_gpt()) return gpt_table(layout_.size, disk_id_, partitions_);
    const GptPartition& windows = partitions_.back();
    return mbr_table(layout_.size, signature_, mbr_boot_code(),
                     {{mbr::entry::kTypeNtfs, windows.offset, windows.length, true}});
  }

  VolumeTree tree_;  // of the Windows volume
  std::optional<Content> wim_;
  DiskDescription description_;
  Firmware firmware_;
  DiskOptions options_;
  Digest seed_;
  Guid disk_id_;
  Guid windows_id_;
  std::uint32_t signature_;
  DiskLayout layout_;
  std::vector<GptPartition> partitions_;
  ByteCount end_ = kMiB;  // of the last partition so far
};

Firmware usual_firmware(DiskFormat format) {
  const bool is_vhd = format == DiskFormat::kVhdFixed || format == DiskFormat::kVhdDynamic;
  return is_vhd ? Firmware::bios : Firmware::uefi;
}

std::filesystem::path folder_of(const std::filesystem::path& target) {
  return target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
}

// What every disk is written with, once its volumes are known.
Result<WriteReport> write_built(DiskBuilder& builder, DiskFormat format, std::int64_t created, WriteReport report,
                                const std::filesystem::path& target, Progress& progress) {
  const StepTimer layout_timer;
  progress.begin_step("lay out disk", 0);
  WINNOW_TRY(const DiskLayout layout, builder.build(folder_of(target), report, progress));
  report.steps.push_back({"layout", layout_timer.seconds()});

  DiskWriterOptions writer;
  writer.disk_id = derive_guid(builder.seed(), "disk file");
  writer.file_write_id = derive_guid(builder.seed(), "disk file write");
  writer.data_write_id = derive_guid(builder.seed(), "disk data write");
  writer.created = created;
  const StepTimer write_timer;
  WINNOW_TRY(const DiskWriteReport written, write_disk(layout, format, writer, target, progress));
  report.steps.push_back({"write", write_timer.seconds()});
  report.stored = written.file_size;
  report.logical = written.disk_size;
  return report;
}

// Another disk than the one that holds the same files as a volume.
Digest ram_disk_seed(const Digest& files) {
  Sha256 hash;
  hash.update(files.bytes);
  hash.update(as_bytes("RAM disk"));
  return hash.finish();
}

}  // namespace

Result<WriteReport> write_disk_image(VolumeTree tree, const DiskDescription& description, DiskFormat format,
                                     const DiskOptions& options, const std::filesystem::path& target,
                                     Progress& progress) {
  const Digest seed = tree_digest(tree);
  DiskBuilder builder(std::move(tree), seed, description, options.firmware.value_or(usual_firmware(format)), options);
  return write_built(builder, format, description.created, {}, target, progress);
}

Result<WriteReport> write_ram_disk_image(VolumeTree windows, const WimOptions& wim, const DiskDescription& description,
                                         DiskFormat format, const DiskOptions& options,
                                         const std::filesystem::path& target, Progress& progress) {
  WINNOW_TRY(const PackedWim packed, pack_wim(windows, wim, folder_of(target), progress));
  const Digest seed = ram_disk_seed(wim.seed);
  DiskBuilder builder(std::move(windows), seed, description, options.firmware.value_or(usual_firmware(format)),
                      options);
  builder.boot_from(packed.content);
  WriteReport report;
  report.steps = packed.report.steps;
  return write_built(builder, format, description.created, std::move(report), target, progress);
}

}  // namespace winnow
