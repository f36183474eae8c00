#include "image_reader/volume_image.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/file_system.hpp"
#include "formats/gpt.hpp"
#include "image/disk/disk_writer.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "image/disk/partition_table.hpp"
#include "image/wim/wim_writer.hpp"
#include "image_reader/image_reader.hpp"
#include "support/disk_programs.hpp"
#include "support/volume_tree_maker.hpp"
#include "support/volume_tree_text.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using testing::first_difference;
using testing::full_tree;
using testing::print_volume_tree;
using testing::TreeMaker;

constexpr ByteCount kMiB = 1u << 20;

class VolumeImages : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path path(const std::string& name) const { return folder_.path() / name; }

  static DiskLayout volume_of(TreeMaker made, ByteCount size, ByteCount offset) {
    NtfsOptions options;
    options.size = size;
    options.hidden_sectors = offset / 512;
    options.dos_names = false;
    options.time = to_filetime(testing::kTreeTime);
    auto volume = plan_ntfs_volume(std::move(made).take(), options);
    EXPECT_TRUE(volume) << to_string(volume.error());
    return std::move(volume->layout);
  }
  static DiskLayout gpt_disk(TreeMaker made) {
    DiskLayout disk{16 * kMiB, {}};
    const auto table = gpt_table(disk.size, Guid{{1}},
                                 {{parse_guid(gpt::kMicrosoftReserved), Guid{{2}}, u"reserved", kMiB, kMiB, 0},
                                  {parse_guid(gpt::kBasicData), Guid{{3}}, u"system", 2 * kMiB, 12 * kMiB, 0}});
    EXPECT_TRUE(table);
    disk.segments.push_back(table->start);
    add_volume(disk, 2 * kMiB, volume_of(std::move(made), 12 * kMiB, 2 * kMiB));
    disk.segments.push_back(*table->end);
    return disk;
  }
  static DiskLayout mbr_disk(TreeMaker made) {
    DiskLayout disk{16 * kMiB, {}};
    const auto table = mbr_table(disk.size, 0x1234, {}, {{7, kMiB, 15 * kMiB, true}});
    EXPECT_TRUE(table);
    disk.segments.push_back(table->start);
    add_volume(disk, kMiB, volume_of(std::move(made), 15 * kMiB, kMiB));
    return disk;
  }
  void write(const DiskLayout& disk, DiskFormat format, const std::string& name) {
    SilentProgress progress;
    const auto written = write_disk(disk, format, {}, path(name), progress);
    ASSERT_TRUE(written) << to_string(written.error());
  }
  void write_wim_file(const TreeMaker& made, const std::string& name, WimOptions options = {}) {
    SilentProgress progress;
    const auto written = write_wim(made.tree(), options, path(name), progress);
    ASSERT_TRUE(written) << to_string(written.error());
  }
  // The tree on it as text, or the error.
  std::string text_of(const std::string& name, const testing::TreeTextOptions& options = {}) {
    const auto kind = detect_volume_file(path(name));
    if (!kind || *kind == VolumeFile::none) return "no volume";
    const auto image = open_volume_image(path(name), *kind);
    return image ? print_volume_tree(image->tree, options) : to_string(image.error());
  }
  std::string read_error(const std::string& name) {
    const auto info = read_image(path(name));
    return info ? "" : to_string(info.error());
  }
  void overwrite(const std::string& name, ByteCount offset, const std::string& bytes) {
    std::fstream file(path(name), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file << bytes;
  }

 private:
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-volume-test");
};

TEST_F(VolumeImages, EveryDiskGivesBackTheTreeThatWentIn) {
  const TreeMaker made = full_tree();
  const std::string expected = print_volume_tree(made.tree());
  write(mbr_disk(full_tree()), DiskFormat::kVhdFixed, "fixed.vhd");
  write(mbr_disk(full_tree()), DiskFormat::kVhdDynamic, "dynamic.vhd");
  write(gpt_disk(full_tree()), DiskFormat::kVhdx, "disk.vhdx");
  write(gpt_disk(full_tree()), DiskFormat::kRaw, "disk.raw");
  write(volume_of(full_tree(), 8 * kMiB, 0), DiskFormat::kRaw, "bare.ntfs");
  for (const char* name : {"fixed.vhd", "dynamic.vhd", "disk.vhdx", "disk.raw", "bare.ntfs"}) {
    EXPECT_EQ(first_difference(text_of(name), expected), "") << name;
  }
}

TEST_F(VolumeImages, EveryWimGivesBackTheTreeThatWentInButForOneTime) {
  const TreeMaker made = full_tree();
  const std::string expected = print_volume_tree(made.tree(), {false});
  for (const auto compression :
       {WimCompression::none, WimCompression::xpress, WimCompression::lzx, WimCompression::lzms}) {
    for (const bool solid : {false, true}) {
      if (solid && compression == WimCompression::none) continue;
      WimOptions options;
      options.compression = compression;
      options.solid = solid;
      write_wim_file(made, "image.wim", options);
      EXPECT_EQ(first_difference(text_of("image.wim", {false}), expected), "")
          << static_cast<int>(compression) << solid;
    }
  }
}

// Written by libwim and libntfs-3g, read by libfsntfs: none of it is ours but the WIM.
TEST_F(VolumeImages, AVolumeOfOthersGivesBackTheTreeToo) {
  WINNOW_REQUIRE_PROGRAMS("mkntfs", "wimlib-imagex")
  const TreeMaker made = full_tree();
  write_wim_file(made, "image.wim");
  const std::string volume = path("volume.ntfs").string();
  ASSERT_TRUE(test::run_program("truncate -s 16M " + volume + " && mkntfs -q -Q -F -s 512 -p 0 -H 255 -S 63 " + volume +
                                " >/dev/null 2>&1 && wimlib-imagex apply " + path("image.wim").string() + " 1 " +
                                volume + " --quiet"));
  EXPECT_EQ(first_difference(text_of("volume.ntfs", {false}), print_volume_tree(made.tree(), {false})), "");
}

TEST_F(VolumeImages, ReadImageSaysWhatIsOnADisk) {
  write(gpt_disk(full_tree()), DiskFormat::kVhdx, "disk.vhdx");
  std::string seen;
  const auto info = read_image(path("disk.vhdx"), [&](const ImageFile& file, ByteView content) -> Result<void> {
    seen += file.path + "=" + std::to_string(content.size()) + (file.link_target.empty() ? "" : ">") + file.link_target;
    seen += "|";
    return {};
  });
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(seen,
            "gr\u00F6\u00DFe \U0001F600.long name=4|nothing=0|streams=7|symlink=0|tiny.txt=5|Windows=0|Windows/empty=0|"
            "Windows/linked.txt=0>tiny.txt|Windows/long.dll=300000|Windows/same as tiny.txt=5|");
  EXPECT_EQ(info->medium, ImageMedium::disk);
  EXPECT_EQ(info->stored, fs::file_size(path("disk.vhdx")));
  const auto file = [&](const std::string& name) {
    return *std::find_if(info->files.begin(), info->files.end(), [&](const auto& each) { return each.path == name; });
  };
  EXPECT_EQ(file("Windows/long.dll").stored, 74u * 4096);
  EXPECT_EQ(file("tiny.txt").stored, 0u);  // in its record
  EXPECT_EQ(file("streams").streams.size(), 2u);
  EXPECT_EQ(file("symlink").reparse->tag, 0xA000000Cu);
}

TEST_F(VolumeImages, AVisitorsErrorComesBackAsItIs) {
  write_wim_file(full_tree(), "image.wim");
  const auto info = read_image(path("image.wim"),
                               [](const ImageFile& file, ByteView) -> Result<void> { return fail("no " + file.path); });
  ASSERT_FALSE(info);
  EXPECT_EQ(to_string(info.error()), "no gr\u00F6\u00DFe \U0001F600.long name");
}

TEST_F(VolumeImages, SaysWhatIsWrongWithADisk) {
  write(gpt_disk(full_tree()), DiskFormat::kRaw, "disk.raw");
  const std::string start = "cannot read image " + path("disk.raw").string() + ": ";
  overwrite("disk.raw", 512 + 40, "x");
  EXPECT_EQ(read_error("disk.raw"), start + "the checksum of its GPT header is wrong");
  write(gpt_disk(full_tree()), DiskFormat::kRaw, "disk.raw");
  overwrite("disk.raw", 1024 + 60, "x");
  EXPECT_EQ(read_error("disk.raw"), start + "the checksum of its GPT entries is wrong");
  write(gpt_disk(full_tree()), DiskFormat::kRaw, "disk.raw");
  overwrite("disk.raw", 2 * kMiB + 3, "FAT     ");
  EXPECT_EQ(read_error("disk.raw"), start + "it holds no NTFS volume");
  write(mbr_disk(full_tree()), DiskFormat::kRaw, "disk.raw");
  fs::resize_file(path("disk.raw"), 8 * kMiB);
  EXPECT_EQ(read_error("disk.raw"), start + "its partition 1 lies outside the disk");
}

TEST_F(VolumeImages, SaysWhatIsWrongWithAVhd) {
  write(mbr_disk(full_tree()), DiskFormat::kVhdDynamic, "disk.vhd");
  fs::resize_file(path("disk.vhd"), 3 * kMiB);
  EXPECT_TRUE(read_error("disk.vhd").starts_with("cannot read image " + path("disk.vhd").string() + ": "))
      << read_error("disk.vhd");
}

TEST_F(VolumeImages, SaysWhatIsWrongWithAWim) {
  WimOptions options;
  options.compression = WimCompression::none;
  write_wim_file(full_tree(), "image.wim", options);
  const ByteCount size = fs::file_size(path("image.wim"));
  overwrite("image.wim", 208 + 1000, "changed");
  EXPECT_EQ(read_error("image.wim"),
            "cannot read image " + path("image.wim").string() + ": the SHA-1 of a file is not what the WIM says");
  fs::resize_file(path("image.wim"), size / 2);
  EXPECT_TRUE(read_error("image.wim").starts_with("cannot read image " + path("image.wim").string() + ": libwim: "))
      << read_error("image.wim");
}

}  // namespace
}  // namespace winnow
