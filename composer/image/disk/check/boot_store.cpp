#include "image/disk/check/boot_store.hpp"

#include <utility>

#include "base/file_system.hpp"
#include "formats/gpt.hpp"
#include "image/disk/check/container_check.hpp"
#include "image/disk/check/fat32_check.hpp"
#include "image/disk/check/partition_check.hpp"

namespace winnow {

namespace {

// What is wrong with the disk is for check_disk() to say.
std::optional<check::DiskView> disk_of(ByteView file) {
  check::Findings ignored;
  switch (check::recognise_container(file)) {
    case check::Container::vhd:
      return check::check_vhd(file, ignored);
    case check::Container::vhdx:
      return check::check_vhdx(file, ignored);
    case check::Container::raw:
      break;
  }
  return check::DiskView(file, file.size());
}

bool is_fat32(const check::DiskView& volume) {
  constexpr std::uint64_t kTypeName = 0x52;
  constexpr std::string_view kFat32 = "FAT32   ";
  const auto bytes = volume.read(kTypeName, kFat32.size());
  return bytes && as_text(*bytes) == kFat32;
}

}  // namespace

Result<std::optional<Bytes>> find_efi_boot_store(const std::filesystem::path& image) {
  WINNOW_TRY(const MappedFile file, MappedFile::open(image));
  const auto disk = disk_of(file.bytes());
  if (!disk || disk->size() < 2 * gpt::kSectorSize) return std::nullopt;
  check::Findings ignored;
  const auto table = check::check_partitions(*disk, ignored);
  if (!table) return std::nullopt;
  for (const check::Partition& partition : table->partitions) {
    const std::uint64_t sectors = disk->size() / gpt::kSectorSize;
    if (partition.first_lba >= sectors || partition.sectors > sectors - partition.first_lba) continue;
    const check::DiskView volume =
        disk->part(partition.first_lba * gpt::kSectorSize, partition.sectors * gpt::kSectorSize);
    if (!is_fat32(volume)) continue;
    check::Fat32Result found = check::check_fat32(volume, "", partition.first_lba, ignored);
    if (found.boot_store) return std::move(found.boot_store);
  }
  return std::nullopt;
}

}  // namespace winnow
