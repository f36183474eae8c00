// The map of a volume that ntfs-3g made, judged by the kernel's own words on it (st_blocks of the mounted files) and by
// sleuthkit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>

#include "base/file_system.hpp"
#include "image_reader/image_reader.hpp"
#include "size_analyzer/disk_map.hpp"
#include "support/disk_programs.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

std::string output_of(const std::string& command) {
  FILE* const pipe = ::popen(("PATH=\"$PATH:/usr/sbin:/sbin\"; export LC_ALL=C.UTF-8; " + command).c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer{};
  while (pipe != nullptr) {
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe);
    if (count == 0) break;
    text.append(buffer.data(), count);
  }
  if (pipe != nullptr) ::pclose(pipe);
  return text;
}

struct MountedFile {
  std::uint64_t record = 0;
  ByteCount allocated = 0;  // of the unnamed stream
  ByteCount size = 0;
};

class ForeignVolumes : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  // A volume that fill_ntfs.py filled, and what the mount says of its files, by path; false where FUSE cannot mount.
  bool make_volume(const std::string& mkntfs_options) {
    const std::string mount = path("mnt");
    fs::create_directories(mount);
    if (!test::run_program("truncate -s 64M " + path("volume.ntfs") + " && mkntfs -q -Q -F -s 512 -p 0 -H 255 -S 63 " +
                           mkntfs_options + " " + path("volume.ntfs") + " >/dev/null 2>&1")) {
      ADD_FAILURE() << "mkntfs";
    }
    if (!test::run_program("ntfs-3g -o compression,streams_interface=windows " + path("volume.ntfs") + " " + mount +
                           " 2>/dev/null")) {
      return false;
    }
    EXPECT_TRUE(test::run_program("python3 " WINNOW_SOURCE_DIR "/tests/foreign/fill_ntfs.py " + mount));
    std::istringstream lines(output_of("find " + mount + " -type f -printf '%i %b %s %P\\n'"));
    for (std::string line; std::getline(lines, line);) {
      std::istringstream fields(line);
      MountedFile file;
      std::string name;
      fields >> file.record >> file.allocated >> file.size >> std::ws;
      std::getline(fields, name);
      file.allocated *= 512;
      mounted_.emplace(name, file);
    }
    EXPECT_TRUE(test::run_program("fusermount -u " + mount + " || umount " + mount));
    return true;
  }
  // Clusters that sleuthkit lists for the $DATA streams of a record.
  std::uint64_t istat_clusters(std::uint64_t record) {
    std::istringstream lines(output_of("istat " + path("volume.ntfs") + " " + std::to_string(record)));
    std::uint64_t count = 0;
    bool is_data = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("Type: ")) {
        is_data = line.starts_with("Type: $DATA") && line.find("Non-Resident") != std::string::npos;
        continue;
      }
      std::istringstream fields(line);
      for (std::uint64_t cluster = 0; is_data && fields >> cluster;) count += cluster != 0 ? 1 : 0;
    }
    return count;
  }
  std::map<std::string, MountedFile> mounted_;

 private:
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-foreign-volume");
};

ByteCount sum_of(const DiskMap& map, ByteKind kind) {
  ByteCount sum = 0;
  for (const OverheadFacts& row : map.overheads) sum += row.kind == kind ? row.sizes.allocated : 0;
  return sum;
}

ByteCount streams_of(const DiskFile& file) {
  ByteCount sum = 0;
  for (const FilePart& part : file.parts) sum += part.kind == ByteKind::named_stream ? part.sizes.allocated : 0;
  return sum;
}

class ForeignVolume : public ForeignVolumes, public ::testing::WithParamInterface<const char*> {};

TEST_P(ForeignVolume, HasTheClustersThatOthersSay) {
  WINNOW_REQUIRE_PROGRAMS("mkntfs", "ntfs-3g", "istat", "blkls", "python3")
  if (!make_volume(GetParam())) GTEST_SKIP() << "ntfs-3g cannot mount here (no /dev/fuse)";
  const auto map = map_disk(path("volume.ntfs"));
  ASSERT_TRUE(map) << to_string(map.error());
  EXPECT_EQ(map->warnings, std::vector<std::string>{});
  EXPECT_EQ(map->total.allocated, ByteCount{64} << 20);
  EXPECT_EQ(sum_of(*map, ByteKind::unclaimed), 0u);

  const auto info = read_image(path("volume.ntfs"));
  const bool is_readable = map->cluster_size == 4096;
  EXPECT_EQ(info ? "" : to_string(info.error()),
            is_readable ? ""
                        : "cannot read image " + path("volume.ntfs") + ": its clusters have " +
                              std::to_string(map->cluster_size) +
                              " bytes: libfsntfs reads folders only of volumes with clusters of 4096");
  ASSERT_GT(mounted_.size(), 60u);
  for (const auto& [name, file] : mounted_) {
    const DiskFile* const found = map->find(file.record);
    ASSERT_NE(found, nullptr) << name;
    if (info) {
      const auto same =
          std::find_if(info->files.begin(), info->files.end(), [&](const auto& f) { return f.path == name; });
      ASSERT_NE(same, info->files.end()) << name;
      EXPECT_EQ(same->record, file.record) << name;
    }
    const std::uint64_t clusters = found->sizes.allocated / map->cluster_size;
    const bool is_resident = found->sizes.allocated == 0;  // st_blocks counts a resident value in words
    if (!is_resident && name != "streams.txt") {
      EXPECT_EQ(found->sizes.allocated, file.allocated) << name;
    }
    if (file.record % 30 == 0 || name.find("library") == std::string::npos) {
      // sleuthkit leaves out what was preallocated behind the end.
      const std::uint64_t judged = istat_clusters(file.record);
      EXPECT_TRUE(judged == clusters || (name.starts_with("packed/") && judged + 1 == clusters)) << name << judged;
    }
  }
  const DiskFile& streams = *map->find(mounted_.at("streams.txt").record);
  EXPECT_EQ(streams.sizes.logical, 5000u + 20u + 50'000u);
  EXPECT_GE(streams_of(streams), 50'000u);
  const ByteCount free = sum_of(*map, ByteKind::free_space);
  EXPECT_EQ(std::to_string(free / map->cluster_size) + "\n",
            output_of("blkls -l " + path("volume.ntfs") + " | grep -c '|f$'"));
}

INSTANTIATE_TEST_SUITE_P(Clusters, ForeignVolume, ::testing::Values("-c 4096", "-c 1024"));

}  // namespace
}  // namespace winnow
