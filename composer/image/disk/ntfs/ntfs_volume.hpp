// VolumeTree -> an NTFS 3.1 volume as a DiskLayout. The whole tree is known before the first byte, so everything has
// its place before anything is written: one record for each inode (more where it overflows), directories as packed B
// trees, every stream in one run, no slack. Nothing of the payload is read before the layout is written out.
//
//   $Boot | $MFTMirr | $MFT:$BITMAP | $LogFile | $AttrDef | $UpCase | $Secure | $Reparse | $Bitmap |
//   indexes and other metadata that left its record | payload, in tree order | $MFT | free | copy of the boot sector
//
// $MFT lies where the free space begins: it grows in one piece, and drivers that keep a zone for it find one.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "image/disk/disk_layout.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

struct NtfsOptions {
  ByteCount size = 0;                // of the partition, multiple of 512; 0 = what the tree needs and `free_space`
  ByteCount free_space = 0;          // bytes, rounded up to clusters
  ByteCount alignment = 1u << 20;    // a size that is computed is rounded up to this
  std::uint64_t hidden_sectors = 0;  // the partition's first LBA
  std::uint64_t serial = 1;
  std::uint64_t time = 0;  // FILETIME of the system files
  std::u16string label;    // at most 32 units
  bool dos_names = false;  // a dentry without a short name is its own; otherwise it has none
  // Records for files to come, when they fit: Linux' ntfs3 cannot make $MFT longer (seen in 6.1), Windows does not like
  // to.
  std::uint32_t free_records = 0;
  Bytes boot_record;  // 8192 bytes, its BPB is replaced; empty = one that says the disk does not boot
};

struct NtfsReport {
  ByteCount records = 0;           // of the MFT
  ByteCount inodes = 0;            // of the tree
  ByteCount payload = 0;           // bytes of all streams
  ByteCount resident = 0;          // of `payload`, inside records
  ByteCount allocated = 0;         // clusters in use, bytes, the backup boot sector not counted
  ByteCount payload_clusters = 0;  // of `allocated`, of streams outside records, bytes
};

struct NtfsVolume {
  DiskLayout layout;
  NtfsReport report;
};

// Error: a name NTFS or Windows cannot hold, two names of a directory that differ only in case, a directory with two
// names, EAs over 64 KiB, a reparse point over 16 KiB, more than 2^32 clusters; what does not fit:
// "cannot fit the tree into <size> bytes: <n> bytes are missing".
[[nodiscard]] Result<NtfsVolume> plan_ntfs_volume(VolumeTree tree, const NtfsOptions& options);

}  // namespace winnow
