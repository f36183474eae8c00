// Whole disks for tests: a small NTFS volume in a partition table in a container, as bytes.
#pragma once

#include <vector>

#include "image/boot/bcd_store.hpp"
#include "image/disk/disk_writer.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "image/disk/partition_table.hpp"
#include "support/disk_tree.hpp"

namespace winnow::test {

inline constexpr ByteCount kMiB = 1u << 20;
inline constexpr ByteCount kVolumeOffset = kMiB;
inline constexpr std::uint32_t kDiskSignature = 0x43DA9AB1;
inline constexpr auto kDiskGuid = "00112233-4455-4677-8899-aabbccddeeff";
inline constexpr auto kWindowsGuid = "10112233-4455-4677-8899-aabbccddeeff";
inline constexpr auto kReservedGuid = "20112233-4455-4677-8899-aabbccddeeff";
inline constexpr auto kBasicDataType = "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7";
inline constexpr auto kReservedType = "e3c9e316-0b5c-4db8-817d-f92df00215ae";

inline DiskLayout ntfs_layout(VolumeTree tree) {
  NtfsOptions options;
  options.hidden_sectors = kVolumeOffset / 512;
  options.time = to_filetime(1'577'836'800);
  return std::move(plan_ntfs_volume(std::move(tree), options).value().layout);
}

inline DiskLayout partitioned(const DiskLayout& volume, const PartitionTable& table, ByteCount size) {
  DiskLayout disk;
  disk.size = size;
  disk.segments.push_back(table.start);
  add_volume(disk, kVolumeOffset, volume);
  if (table.end) disk.segments.push_back(*table.end);
  return disk;
}

// NTFS, then an empty Microsoft reserved partition.
inline DiskLayout gpt_disk(VolumeTree tree) {
  const DiskLayout volume = ntfs_layout(std::move(tree));
  const ByteCount end = kVolumeOffset + volume.size;
  const std::vector<GptPartition> partitions = {
      {parse_guid(kBasicDataType), parse_guid(kWindowsGuid), u"Basic data partition", kVolumeOffset, volume.size, 0},
      {parse_guid(kReservedType), parse_guid(kReservedGuid), u"Microsoft reserved partition", end, kMiB, 0}};
  const ByteCount size = end + 2 * kMiB;
  return partitioned(volume, gpt_table(size, parse_guid(kDiskGuid), partitions).value(), size);
}

inline DiskLayout mbr_disk(VolumeTree tree) {
  const DiskLayout volume = ntfs_layout(std::move(tree));
  const ByteCount size = kVolumeOffset + volume.size + kMiB;
  const std::vector<MbrPartition> partitions = {{0x07, kVolumeOffset, volume.size, true}};
  return partitioned(volume, mbr_table(size, kDiskSignature, {}, partitions).value(), size);
}

inline Bytes written(const DiskLayout& layout, DiskFormat format) {
  const TemporaryDirectory folder = TemporaryDirectory::create("winnow-disk-maker").value();
  DiskWriterOptions options;
  options.disk_id = parse_guid(kDiskGuid);
  options.file_write_id = parse_guid(kWindowsGuid);
  options.data_write_id = parse_guid(kReservedGuid);
  options.created = 1'600'000'000;
  SilentProgress progress;
  (void)write_disk(layout, format, options, folder.path() / "disk", progress).value();
  return read_file(folder.path() / "disk", 1u << 30).value();
}

inline VolumeTree plain_tree() {
  DiskTree t;
  t.file(0, "file.txt", disk_bytes(20'000, 1));
  return std::move(t.tree);
}

inline BcdInput bios_store() {
  BcdInput input;
  input.firmware = Firmware::bios;
  input.system_device = MbrDevice{kDiskSignature, kVolumeOffset};
  input.os_device = input.system_device;
  input.loader = parse_guid("30112233-4455-4677-8899-aabbccddeeff");
  input.title = "winnow";
  return input;
}

// What a BIOS starts: \bootmgr, \Boot\BCD with `store`, the loader.
inline VolumeTree bootable_tree(Bytes store) {
  DiskTree t;
  t.file(0, "bootmgr", disk_bytes(5'000, 1));
  t.file(t.directory(0, "Boot"), "BCD", std::move(store));
  t.file(t.directory(t.directory(0, "Windows"), "System32"), "winload.exe", disk_bytes(5'000, 2));
  return std::move(t.tree);
}

}  // namespace winnow::test
