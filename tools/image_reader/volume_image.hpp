// A disk or WIM file as the file tree on it: which kind of file it is, where its volume lies, what reads it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"
#include "image_reader/partitions.hpp"
#include "image_reader/virtual_disk.hpp"

namespace winnow {

struct VolumeImage {
  VolumeTree tree;                          // contents are read from the file when they are loaded
  std::vector<ByteCount> stored;            // of each inode's contents, as VolumeTree::inodes
  std::vector<std::uint64_t> records;       // MFT record of each inode; empty: a WIM
  std::shared_ptr<const VirtualDisk> disk;  // none: a WIM
  PartitionedDisk partitions;
  std::size_t volume = 0;  // index into partitions.partitions: the NTFS volume of the tree
  ByteCount free = 0;      // in that volume
};

// By what the file begins or ends with, never by its name.
enum class VolumeFile { none, wim, raw, vhd_fixed, vhd_dynamic, vhdx };
[[nodiscard]] Result<VolumeFile> detect_volume_file(const std::filesystem::path& file);

// The disk in a file of one of the last four kinds. Errors of both are bare reasons.
[[nodiscard]] Result<std::shared_ptr<const VirtualDisk>> open_disk(const std::filesystem::path& file, VolumeFile kind);
// The largest NTFS volume of a disk, the first image of a WIM. Precondition: `kind` is not none.
[[nodiscard]] Result<VolumeImage> open_volume_image(const std::filesystem::path& file, VolumeFile kind);

}  // namespace winnow
