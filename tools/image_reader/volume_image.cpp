#include "image_reader/volume_image.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file_system.hpp"
#include "formats/gpt.hpp"
#include "formats/mbr.hpp"
#include "formats/ntfs.hpp"
#include "formats/wim.hpp"
#include "image_reader/ntfs_tree.hpp"
#include "image_reader/wim_tree.hpp"

namespace winnow {

namespace {

constexpr std::size_t kSector = 512;
constexpr std::string_view kVhdCookie = "conectix";
constexpr std::string_view kVhdxCookie = "vhdxfile";
constexpr std::size_t kVhdDiskType = 60;  // u32be
constexpr std::size_t kTarMagicOffset = 257;

bool has_text(ByteView bytes, std::size_t offset, std::string_view text) {
  const auto part = slice(bytes, offset, text.size());
  return part && as_text(*part) == text;
}

VolumeFile vhd_kind(ByteView footer) {
  return footer[kVhdDiskType + 3] == 2 ? VolumeFile::vhd_fixed : VolumeFile::vhd_dynamic;
}

// Whether the first two sectors are those of a disk or of a bare volume.
bool is_disk(ByteView start) {
  if (has_text(start, kSector, gpt::header::kSignature)) return true;
  const bool is_boot_sector = start[mbr::kBootSignature] == 0x55 && start[mbr::kBootSignature + 1] == 0xAA;
  return is_boot_sector && !has_text(start, kTarMagicOffset, "ustar");
}

}  // namespace

Result<VolumeFile> detect_volume_file(const std::filesystem::path& file) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(file, code) && !std::filesystem::is_block_file(file, code)) {
    return VolumeFile::none;
  }
  WINNOW_TRY(const InputFile input, InputFile::open(file));
  WINNOW_TRY(const FileState state, input.state());
  if (state.size < 2 * kSector) return VolumeFile::none;
  Bytes start(2 * kSector);
  Bytes end(kSector);
  WINNOW_CHECK(input.read_at(0, start));
  WINNOW_CHECK(input.read_at(state.size - kSector, end));
  if (has_text(start, 0, wim::kMagic)) return VolumeFile::wim;
  if (has_text(start, 0, kVhdxCookie)) return VolumeFile::vhdx;
  if (has_text(start, 0, kVhdCookie)) return vhd_kind(start);
  if (has_text(end, 0, kVhdCookie)) return vhd_kind(end);
  return is_disk(start) ? VolumeFile::raw : VolumeFile::none;
}

Result<std::shared_ptr<const VirtualDisk>> open_disk(const std::filesystem::path& file, VolumeFile kind) {
  switch (kind) {
    case VolumeFile::vhd_fixed:
      return VirtualDisk::open(file, DiskFileKind::vhd_fixed);
    case VolumeFile::vhd_dynamic:
      return VirtualDisk::open(file, DiskFileKind::vhd_dynamic);
    case VolumeFile::vhdx:
      return VirtualDisk::open(file, DiskFileKind::vhdx);
    default:
      return VirtualDisk::open(file, DiskFileKind::raw);
  }
}

Result<VolumeImage> open_volume_image(const std::filesystem::path& file, VolumeFile kind) {
  VolumeImage image;
  if (kind == VolumeFile::wim) {
    WINNOW_TRY(WimTree wim, read_wim_tree(file));
    image.tree = std::move(wim.tree);
    image.stored = std::move(wim.stored);
    return image;
  }
  WINNOW_TRY(image.disk, open_disk(file, kind));
  WINNOW_TRY(image.partitions, read_partitions(*image.disk));
  const std::vector<Partition>& all = image.partitions.partitions;
  const auto best = windows_partition(image.partitions);
  if (!best) return fail("it holds no NTFS volume");
  image.volume = *best;
  WINNOW_TRY(NtfsTree ntfs, read_ntfs_tree(image.disk, all[*best].offset, all[*best].size));
  image.tree = std::move(ntfs.tree);
  image.stored = std::move(ntfs.stored);
  image.records = std::move(ntfs.records);
  image.free = ntfs.free;
  return image;
}

}  // namespace winnow
