#include "image/disk/check/check_disk.hpp"

#include "base/file_system.hpp"
#include "formats/gpt.hpp"
#include "formats/mbr.hpp"
#include "formats/ntfs.hpp"
#include "image/disk/check/boot_check.hpp"
#include "image/disk/check/container_check.hpp"
#include "image/disk/check/fat32_check.hpp"
#include "image/disk/check/ntfs_check.hpp"
#include "image/disk/check/partition_check.hpp"

namespace winnow {

namespace check {

namespace {

constexpr std::size_t kSectorSize = 512;
constexpr std::size_t kFatTypeName = 0x52;

enum class VolumeKind { none, ntfs, fat32 };

bool has_text(const DiskView& disk, std::uint64_t offset, std::string_view text) {
  const auto bytes = disk.read(offset, text.size());
  return bytes && as_text(*bytes) == text;
}

// By content; the backup boot sector tells when the first one is damaged.
VolumeKind recognise_volume(const DiskView& volume) {
  if (volume.size() < 2 * kSectorSize) return VolumeKind::none;
  if (has_text(volume, ntfs::boot::kOemIdOffset, ntfs::boot::kOemId)) return VolumeKind::ntfs;
  if (has_text(volume, kFatTypeName, "FAT32   ")) return VolumeKind::fat32;
  const std::uint64_t last = volume.size() / kSectorSize * kSectorSize - kSectorSize;
  if (has_text(volume, last + ntfs::boot::kOemIdOffset, ntfs::boot::kOemId)) return VolumeKind::ntfs;
  if (has_text(volume, 6 * kSectorSize + kFatTypeName, "FAT32   ")) return VolumeKind::fat32;
  return VolumeKind::none;
}

// What the partition's type promises.
VolumeKind promised_volume(const Partition& partition) {
  if (partition.type == gpt::kEfiSystem || partition.type == hex(mbr::entry::kTypeFat32)) return VolumeKind::fat32;
  if (partition.type == gpt::kBasicData || partition.type == hex(mbr::entry::kTypeNtfs)) return VolumeKind::ntfs;
  return VolumeKind::none;
}

class DiskCheck {
 public:
  explicit DiskCheck(ByteView file) : file_(file) {}

  VerifyReport run() {
    std::optional<DiskView> disk;
    switch (recognise_container(file_)) {
      case Container::vhd:
        disk = check_vhd(file_, findings_);
        break;
      case Container::vhdx:
        disk = check_vhdx(file_, findings_);
        break;
      case Container::raw:
        disk = DiskView(file_, file_.size());
    }
    if (disk) check_disk(*disk);
    report_.violations = std::move(findings_).take();
    return std::move(report_);
  }

 private:
  void check_disk(const DiskView& disk) {
    PartitionTable table;
    if (auto found = check_partitions(disk, findings_)) {
      table = std::move(*found);
      for (const Partition& partition : table.partitions) check_partition(disk, partition);
    } else if (const VolumeKind kind = recognise_volume(disk); kind != VolumeKind::none) {
      check_volume(disk, kind, 0, std::nullopt);
    } else {
      findings_.add("disk", "it has neither a partition table nor a volume that is NTFS or FAT32");
    }
    check_boot(table, volumes_, findings_);
  }

  void check_partition(const DiskView& disk, const Partition& partition) {
    const std::uint64_t offset = partition.first_lba * kSectorSize;
    if (partition.first_lba >= disk.size() / kSectorSize || partition.sectors * kSectorSize > disk.size() - offset)
      return;
    const DiskView volume = disk.part(offset, partition.sectors * kSectorSize);
    const VolumeKind kind = recognise_volume(volume);
    const VolumeKind promised = promised_volume(partition);
    if (kind != promised && promised != VolumeKind::none) {
      const bool is_fat_data = kind == VolumeKind::fat32 && partition.type == gpt::kBasicData;
      if (!is_fat_data) {
        findings_.add("partition " + std::to_string(partition.number),
                      "it holds " + std::string(name_of(kind)) + ", its type " + partition.type + " promises " +
                          std::string(name_of(promised)));
      }
    }
    check_volume(volume, kind, partition.number, partition.first_lba);
  }

  static std::string_view name_of(VolumeKind kind) {
    return kind == VolumeKind::ntfs ? "NTFS" : kind == VolumeKind::fat32 ? "FAT32" : "no volume";
  }

  void check_volume(const DiskView& volume, VolumeKind kind, std::size_t number, std::optional<std::uint64_t> hidden) {
    const std::string prefix = number == 0 ? "" : "partition " + std::to_string(number) + ": ";
    if (kind == VolumeKind::ntfs) {
      NtfsResult result = check_ntfs(volume, {prefix, hidden}, findings_);
      report_.entries += result.records;
      volumes_.push_back({number, false, std::move(result.boot_store), std::move(result.boot_files)});
    } else if (kind == VolumeKind::fat32) {
      Fat32Result result = check_fat32(volume, prefix, hidden, findings_);
      report_.entries += result.entries;
      volumes_.push_back({number, true, std::move(result.boot_store), std::move(result.files)});
    }
  }

  ByteView file_;
  Findings findings_;
  VerifyReport report_;
  std::vector<BootVolume> volumes_;
};

}  // namespace

}  // namespace check

bool is_disk_image(const std::filesystem::path& image) {
  const auto file = MappedFile::open(image);
  if (!file || file->bytes().size() < 2 * check::kSectorSize) return false;
  if (check::recognise_container(file->bytes()) != check::Container::raw) return true;
  const check::DiskView disk(file->bytes(), file->bytes().size());
  return check::has_partition_table(disk) || check::recognise_volume(disk) != check::VolumeKind::none;
}

Result<VerifyReport> check_disk(const std::filesystem::path& image) {
  WINNOW_TRY(const MappedFile file, MappedFile::open(image));
  return check_disk_bytes(file.bytes());
}

VerifyReport check_disk_bytes(ByteView bytes) { return check::DiskCheck(bytes).run(); }

}  // namespace winnow
