// The map of disks that this project composes: every byte in one row, in every container.
#include "size_analyzer/disk_map.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/file_system.hpp"
#include "fuzz/disk_map/disk_map_target.hpp"
#include "image/disk/ntfs/wof.hpp"
#include "image_reader/image_reader.hpp"
#include "support/disk_maker.hpp"
#include "support/volume_tree_maker.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using test::disk_bytes;
using test::DiskTree;
using test::kMiB;

std::string sizes_text(const Sizes& sizes) {
  return std::to_string(sizes.logical) + " " + std::to_string(sizes.allocated) + " " + std::to_string(sizes.stored);
}

std::string overheads_text(const DiskMap& map) {
  std::string text;
  for (const OverheadFacts& row : map.overheads) {
    text += std::string(to_string(row.kind)) + " | " + row.name + " | " + sizes_text(row.sizes) + "\n";
  }
  return text;
}

Sizes sum_of(const DiskMap& map) {
  Sizes sum;
  for (const DiskFile& file : map.files) sum += file.sizes;
  for (const OverheadFacts& row : map.overheads) sum += row.sizes;
  return sum;
}

class DiskMaps : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path path(const std::string& name) const { return folder_.path() / name; }
  void write(const DiskLayout& disk, DiskFormat format, const std::string& name) {
    SilentProgress progress;
    const auto written = write_disk(disk, format, {}, path(name), progress);
    ASSERT_TRUE(written) << to_string(written.error());
  }
  DiskMap map_of(const std::string& name) {
    auto map = map_disk(path(name));
    EXPECT_TRUE(map) << to_string(map.error());
    return map ? std::move(*map) : DiskMap{};
  }
  // Files by their first path, through read_image().
  std::map<std::string, DiskFile> files_of(const std::string& name, const DiskMap& map) {
    std::map<std::string, DiskFile> files;
    const auto info = read_image(path(name));
    EXPECT_TRUE(info) << to_string(info.error());
    if (!info) return files;
    for (const ImageFile& file : info->files) {
      if (file.is_directory) continue;
      const DiskFile* const found = map.find(file.record);
      EXPECT_NE(found, nullptr) << file.path;
      if (found != nullptr) files.emplace(file.path, *found);
    }
    return files;
  }

 private:
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-disk-map");
};

VolumeTree small_tree() {
  DiskTree t;
  t.file(0, "resident.txt", disk_bytes(100, 1));
  const std::uint32_t plain = t.file(0, "plain.bin", disk_bytes(10'000, 2));
  t.link(t.directory(0, "Folder"), "another name.bin", plain);
  const std::uint32_t streams = t.file(0, "streams.txt", disk_bytes(4'096, 3));
  t.extras(streams).streams.push_back({u"small", Content::of_bytes(disk_bytes(30, 4))});
  t.extras(streams).streams.push_back({u"large", Content::of_bytes(disk_bytes(5'000, 5))});
  t.file(0, "zeros.bin", Bytes(4 * kMiB));
  return std::move(t.tree);
}

TEST_F(DiskMaps, EveryByteOfADynamicVhdHasOneRow) {
  write(test::mbr_disk(small_tree()), DiskFormat::kVhdDynamic, "disk.vhd");
  const DiskMap map = map_of("disk.vhd");
  EXPECT_EQ(map.cluster_size, 4096u);
  EXPECT_EQ(overheads_text(map),
            "file table | $MFT bitmap | 0 4096 4096\n"
            "file table | $MFTMirr | 0 4096 4096\n"
            "file table | MFT records not in use | 0 8192 8192\n"
            "file table | MFT records of files | 0 4096 4096\n"
            "file table | MFT records of folders | 0 2048 2048\n"
            "file table | MFT records of system files | 0 18432 18432\n"
            "directory index | indexes of folders | 0 4096 4096\n"
            "file system | $AttrDef | 0 4096 4096\n"
            "file system | $Bitmap | 0 4096 4096\n"
            "file system | $Boot | 0 8192 8192\n"
            "file system | $LogFile | 0 2097152 2097152\n"
            "file system | $Secure | 0 266240 266240\n"
            "file system | $UpCase | 0 131072 131072\n"
            "file system | backup boot sector and end of the volume | 0 4096 4096\n"
            "partition table | MBR | 0 512 512\n"
            "partition table | room outside partitions | 0 2096640 1048064\n"
            "free space | free clusters in stored blocks | 0 561152 561152\n"
            "container format | VHD footer and its copy | 0 0 1024\n"
            "container format | block allocation table | 0 0 512\n"
            "container format | dynamic disk header | 0 0 1024\n"
            "container format | sector bitmaps of blocks | 0 0 1536\n");
  const auto files = files_of("disk.vhd", map);
  EXPECT_EQ(sizes_text(files.at("resident.txt").sizes), "100 0 0");
  EXPECT_EQ(sizes_text(files.at("plain.bin").sizes), "10000 12288 12288");
  ASSERT_EQ(files.at("plain.bin").parts.size(), 1u);
  EXPECT_EQ(sizes_text(files.at("plain.bin").parts[0].sizes), "0 2288 2288");
  EXPECT_EQ(files.at("plain.bin").parts[0].kind, ByteKind::slack);
  EXPECT_EQ(files.at("Folder/another name.bin").record, files.at("plain.bin").record);
  EXPECT_EQ(map.warnings, std::vector<std::string>{});
}

TEST_F(DiskMaps, StreamsAreParts) {
  write(test::mbr_disk(small_tree()), DiskFormat::kRaw, "disk.raw");
  const DiskMap map = map_of("disk.raw");
  const DiskFile file = files_of("disk.raw", map).at("streams.txt");
  EXPECT_EQ(sizes_text(file.sizes), "9126 12288 12288");
  std::string parts;
  for (const FilePart& part : file.parts) parts += part.name + " " + sizes_text(part.sizes) + "|";
  EXPECT_EQ(parts, "large 5000 5000 5000|small 30 0 0|slack 0 3192 3192|");
}

TEST_F(DiskMaps, AddUpInEveryContainer) {
  for (const auto format : {DiskFormat::kRaw, DiskFormat::kVhdFixed, DiskFormat::kVhdDynamic, DiskFormat::kVhdx}) {
    for (const bool is_gpt : {false, true}) {
      const DiskLayout disk =
          is_gpt ? test::gpt_disk(testing::full_tree().take()) : test::mbr_disk(testing::full_tree().take());
      write(disk, format, "disk");
      const DiskMap map = map_of("disk");
      EXPECT_EQ(map.total, sum_of(map));
      EXPECT_EQ(map.total.allocated, disk.size);
      EXPECT_EQ(map.total.stored, fs::file_size(path("disk")));
      EXPECT_EQ(map.files.size(), 7u);
      for (const OverheadFacts& row : map.overheads) EXPECT_NE(row.kind, ByteKind::unclaimed) << row.name;
      EXPECT_EQ(map.warnings, std::vector<std::string>{});
    }
  }
}

TEST_F(DiskMaps, AFileThatWindowsCompressedHasItsPackedClusters) {
  DiskTree t;
  Bytes content(200'000, 'x');
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < 8'000; ++i) {  // what does not shrink, so that the packed bytes do not fit the record
    state = state * 1664525 + 1013904223;
    content[i] = static_cast<std::uint8_t>(state >> 24);
  }
  t.file(t.directory(0, "app"), "packed.txt", std::move(content));
  SilentProgress progress;
  const auto report = compress_files(t.tree, WofFormat::lzx, path(""), progress);
  ASSERT_TRUE(report) << to_string(report.error());
  ASSERT_EQ(report->files, 1u);
  write(test::mbr_disk(std::move(t.tree)), DiskFormat::kRaw, "disk.raw");
  const DiskMap map = map_of("disk.raw");
  const auto files = files_of("disk.raw", map);
  EXPECT_EQ(sizes_text(files.at("app/packed.txt").sizes), "200000 12288 12288");
  ASSERT_EQ(files.at("app/packed.txt").parts.size(), 1u);
  EXPECT_EQ(files.at("app/packed.txt").parts[0].kind, ByteKind::slack);
}

TEST_F(DiskMaps, HostileVolumesAreMappedOrRefused) {
  const fs::path corpus = fs::path(WINNOW_SOURCE_DIR) / "tests/fuzz/ntfs/corpus";
  const auto listed = list_tree(corpus).value();
  EXPECT_FALSE(listed.empty());
  for (const DirectoryEntry& entry : listed) testing::map_edited(read_file(corpus / entry.path, 1 << 20).value());
  std::uint64_t state = 42;
  const auto next = [&](std::size_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>((state >> 33) % below);
  };
  int refused = 0;
  for (std::size_t round = 0; round < 30; ++round) {
    Bytes volume = testing::fuzzed_volume();
    const std::size_t records = 400'000;  // $MFT is at the end
    for (std::size_t i = 0; i < 200; ++i) {
      volume[volume.size() - 1 - next(records)] = static_cast<std::uint8_t>(next(256));
    }
    refused += testing::map_bytes(volume) ? 0 : 1;
  }
  EXPECT_GT(refused, 0);
}

TEST_F(DiskMaps, ABareVolumeIsADiskWithoutATable) {
  const DiskLayout volume = test::ntfs_layout(small_tree());
  write(volume, DiskFormat::kRaw, "volume.ntfs");
  const DiskMap map = map_of("volume.ntfs");
  EXPECT_EQ(map.total.allocated, volume.size);
  for (const OverheadFacts& row : map.overheads) EXPECT_NE(row.kind, ByteKind::partition_table) << row.name;
}

}  // namespace
}  // namespace winnow
