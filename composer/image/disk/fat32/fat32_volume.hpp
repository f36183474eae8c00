// VolumeTree -> a FAT32 volume as a DiskLayout, for EFI system partitions. Everything has its place before the first
// byte: directories first, then files, each in one run. Of a file FAT keeps name, content, times and four attributes;
// security descriptors are left out. Files of several names are there several times.
//
//   boot sector, FSInfo, their copies | FAT | FAT | directories | files | free
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "image/disk/disk_layout.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

struct Fat32Options {
  ByteCount size = 0;                // of the partition, multiple of 512; 0 = what the tree needs and `free_space`
  ByteCount free_space = 0;          // bytes, rounded up to clusters
  ByteCount alignment = 1u << 20;    // a size that is computed is rounded up to this
  std::uint32_t hidden_sectors = 0;  // the partition's first LBA
  std::uint32_t serial = 1;
  std::string label;  // at most 11 characters of those that short names have, and spaces; empty = none
};

struct Fat32Report {
  ByteCount cluster_size = 0;
  std::uint64_t clusters = 0;
  std::uint64_t used_clusters = 0;
};

struct Fat32Volume {
  DiskLayout layout;
  Fat32Report report;
};

// Errors, every fault of the tree with its path: a name FAT cannot hold, two names of a directory that differ only in
// case, a file over 4 GiB - 1, a directory of more than 65,536 entries, a named stream, reparse point or extended
// attribute; what does not fit: "cannot fit the tree into <size> bytes: <n> bytes are missing".
[[nodiscard]] Result<Fat32Volume> plan_fat32_volume(const VolumeTree& tree, const Fat32Options& options);

}  // namespace winnow
