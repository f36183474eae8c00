// FAT32 volumes: what other programs find in them, what they are byte by byte, and what is refused.
#include "image/disk/fat32/fat32_volume.hpp"

#include "base/utf16.hpp"
#include "disk_fixture.hpp"
#include "image/disk/fat32/fat_time.hpp"
#include "plan/file_tree.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using namespace test;

constexpr std::int64_t kTime = 1'600'000'001;  // 2020-09-13 12:26:41 UTC

class TreeBuilder {
 public:
  TreeBuilder() { add(0, u"", kAttributeDirectory, std::nullopt); }
  std::uint32_t folder(std::uint32_t parent, const std::u16string& name, std::uint32_t attributes = 0) {
    return add(parent, name, kAttributeDirectory | attributes, std::nullopt);
  }
  std::uint32_t file(std::uint32_t parent, const std::u16string& name, Bytes bytes, std::uint32_t attributes = 0x20) {
    return add(parent, name, attributes, Content::of_bytes(std::move(bytes)));
  }
  VolumeTree tree;

 private:
  std::uint32_t add(std::uint32_t parent, const std::u16string& name, std::uint32_t attributes,
                    std::optional<Content> content) {
    Inode inode;
    inode.attributes = attributes;
    const std::uint64_t time = to_filetime(kTime);
    inode.times = {time, time, time, time};
    inode.content = std::move(content);
    tree.names.push_back({parent, static_cast<std::uint32_t>(tree.inodes.size()), name, {}});
    tree.inodes.push_back(std::move(inode));
    return static_cast<std::uint32_t>(tree.names.size() - 1);
  }
};

// As an EFI system partition, with names of every kind.
TreeBuilder sample_tree() {
  TreeBuilder b;
  const auto efi = b.folder(0, u"EFI");
  const auto boot = b.folder(efi, u"Boot");
  b.file(boot, u"bootx64.efi", pattern(1'500'000, 1));
  const auto microsoft = b.folder(b.folder(efi, u"Microsoft"), u"Boot");
  b.file(microsoft, u"bootmgfw.efi", pattern(1'500'000, 1));
  b.file(microsoft, u"BCD", pattern(32768, 2));
  b.file(microsoft, u"BCD.LOG", {}, 0x26);
  b.file(b.folder(microsoft, u"de-DE"), u"bootmgfw.efi.mui", pattern(513, 3));
  b.file(0, u"a name of exactly 26 units", pattern(512, 4));
  b.file(0, u"grüße, 日本.txt", pattern(1, 5));
  b.file(0, std::u16string(251, u'n') + u".txt", pattern(100, 6));
  b.file(0, u"lower.EXT", pattern(10, 7), 0x21);
  return b;
}

class Fat32Volumes : public DiskTest {
 protected:
  Fat32Volume plan(const VolumeTree& tree, const Fat32Options& fat) {
    auto volume = plan_fat32_volume(tree, fat);
    EXPECT_TRUE(volume) << to_string(volume.error());
    return volume ? std::move(*volume) : Fat32Volume{};
  }
  Fat32Volume make(const VolumeTree& tree, const Fat32Options& fat) {
    Fat32Volume volume = plan(tree, fat);
    write(volume.layout, DiskFormat::kRaw, "fat.raw");
    return volume;
  }
  static std::string error_of(const VolumeTree& tree, const Fat32Options& fat) {
    const auto volume = plan_fat32_volume(tree, fat);
    return volume ? "" : to_string(volume.error());
  }
  // Every file of the tree is in the volume that mtools opens, with its bytes.
  void expect_contents(const VolumeTree& tree) {
    ASSERT_EQ(output_of("mkdir -p " + quoted("out") + " && LC_ALL=C.UTF-8 mcopy -s -n -i " + quoted("fat.raw") +
                        " :: " + quoted("out"))
                  .text,
              "");
    std::vector<fs::path> paths(tree.names.size());
    paths[0] = at("out");
    for (std::size_t i = 1; i < tree.names.size(); ++i) {
      paths[i] = paths[tree.names[i].parent] / *to_utf8(tree.names[i].name);
      const Inode& inode = tree.inodes[tree.names[i].inode];
      EXPECT_EQ(fs::is_directory(paths[i]), (inode.attributes & kAttributeDirectory) != 0) << paths[i];
      if (!inode.content) continue;
      Bytes bytes(inode.content->size());
      ASSERT_TRUE(inode.content->read(0, bytes));
      EXPECT_TRUE(file_bytes(paths[i]) == bytes) << paths[i];
    }
  }
  void expect_clean() {
    const Output checked = output_of("fsck.fat -n -V " + quoted("fat.raw"));
    EXPECT_EQ(checked.exit_code, 0) << checked.text;
  }
};

TEST_F(Fat32Volumes, OthersFindWhatIsInTheTree) {
  WINNOW_REQUIRE_PROGRAMS("fsck.fat", "mcopy", "mdir", "fsstat");
  const TreeBuilder b = sample_tree();
  Fat32Options fat;
  fat.size = 100 * kMebibyte;
  fat.hidden_sectors = 2048;
  fat.serial = 0x1234ABCD;
  fat.label = "SYSTEM 1";
  const Fat32Volume volume = make(b.tree, fat);
  EXPECT_EQ(volume.layout.size, 100 * kMebibyte);
  EXPECT_GE(volume.report.clusters, 65525u);
  expect_clean();
  expect_contents(b.tree);
  const Output info = output_of("fsstat -f fat32 " + quoted("fat.raw"));
  EXPECT_NE(info.text.find("File System Type: FAT32"), std::string::npos) << info.text;
  EXPECT_NE(info.text.find("Volume ID: 0x1234abcd"), std::string::npos) << info.text;
  EXPECT_NE(info.text.find("Volume Label (Root Directory): SYSTEM 1"), std::string::npos) << info.text;
  EXPECT_NE(info.text.find("Sectors before file system: 2048"), std::string::npos) << info.text;
  const Output listed = output_of("TZ=UTC mdir -a -i " + quoted("fat.raw") + " ::/EFI/Microsoft/Boot");
  EXPECT_NE(listed.text.find("bootmgfw efi   1500000 2020-09-13  12:26"), std::string::npos) << listed.text;
  EXPECT_NE(output_of("mattrib -i " + quoted("fat.raw") + " ::/EFI/Microsoft/Boot/BCD.LOG").text.find("A  SH"),
            std::string::npos);
}

TEST_F(Fat32Volumes, NamesBeyondTheBasicPlaneAreKept) {
  WINNOW_REQUIRE_PROGRAMS("fls");
  TreeBuilder b;
  b.file(0, u"smile \U0001F600 there.txt", pattern(1, 1));
  make(b.tree, {});
  EXPECT_NE(output_of("fls -f fat32 -p " + quoted("fat.raw")).text.find("smile \xF0\x9F\x98\x80 there.txt"),
            std::string::npos);
}

TEST_F(Fat32Volumes, EntriesAreAsTheSpecificationSays) {
  TreeBuilder b;
  b.file(0, u"BCD", pattern(600, 1), 0x26);
  b.file(0, u"bootx64.EFI", {}, 0x01);
  b.file(0, u"Long name.txt", pattern(1, 2));
  const Fat32Volume volume = plan(b.tree, {});
  const Bytes disk = disk_bytes(volume.layout);
  EXPECT_EQ(volume.report.cluster_size, 512u);
  const std::size_t fat = *read_le<std::uint16_t>(disk, 0x0E) * 512u;
  const std::size_t root = fat + 2 * *read_le<std::uint32_t>(disk, 0x24) * 512u;
  EXPECT_EQ(root % 4096, 0u);
  // 2020-09-13 = 40 << 9 | 9 << 5 | 13 = 0x512D; 12:26:40 = 12 << 11 | 26 << 5 | 20 = 0x6354, and 100 hundredths.
  const std::string times =
      "64"
      "5463"
      "2d51"
      "2d51";
  EXPECT_EQ(to_hex(ByteView(disk).subspan(root, 64)),
            "424344202020202020202026"
            "00" +
                times +
                "0000"
                "5463"
                "2d51"
                "0300"
                "58020000"
                "424f4f54583634204546490108" +
                times +
                "0000"
                "5463"
                "2d51"
                "0000"
                "00000000");
  // "Long name.txt" has 13 units: one entry without a terminator; the checksum is that of LONGNA~1.TXT.
  EXPECT_EQ(to_hex(ByteView(disk).subspan(root + 64, 64)),
            "414c006f006e00670020000f00f46e0061006d0065002e007400000078007400"
            "4c4f4e474e417e315458542000" +
                times +
                "0000"
                "5463"
                "2d51"
                "0500"
                "01000000");
  // The root, two clusters of BCD, one of the last file.
  EXPECT_EQ(to_hex(ByteView(disk).subspan(fat, 28)),
            "f8ffff0f"
            "ffffff0f"
            "ffffff0f"
            "04000000"
            "ffffff0f"
            "ffffff0f"
            "00000000");
}

TEST_F(Fat32Volumes, BootSectorAndItsCopyAreAsTheSpecificationSays) {
  Fat32Options fat;
  fat.size = 100 * kMebibyte;
  fat.hidden_sectors = 2048;
  fat.serial = 0x1234ABCD;
  const Bytes disk = disk_bytes(plan(sample_tree().tree, fat).layout);
  // 794 sectors of FAT for 101,588 clusters of two; four more reserved sectors bring these to a whole 4 KiB.
  EXPECT_EQ(to_hex(ByteView(disk).first(0x5A)),
            "eb5890"
            "4d5357494e342e31"
            "0002"
            "02"
            "2400"
            "02"
            "0000"
            "0000"
            "f8"
            "0000"
            "3f00"
            "ff00"
            "00080000"
            "00200300"
            "1a030000"
            "0000"
            "0000"
            "02000000"
            "0100"
            "0600"
            "000000000000000000000000"
            "80"
            "00"
            "29"
            "cdab3412"
            "4e4f204e414d4520202020"
            "4641543332202020");
  EXPECT_EQ(to_hex(ByteView(disk).subspan(510, 2)), "55aa");
  EXPECT_TRUE(std::equal(disk.begin(), disk.begin() + 3 * 512, disk.begin() + 6 * 512));
  EXPECT_EQ(as_text(ByteView(disk).subspan(512, 4)), "RRaA");
}

TEST_F(Fat32Volumes, TheSmallestHasAsManyClustersAsFat32Needs) {
  WINNOW_REQUIRE_PROGRAMS("fsck.fat", "mcopy");
  const TreeBuilder b = sample_tree();
  const Fat32Volume volume = make(b.tree, {});
  EXPECT_EQ(volume.layout.size, 33 * kMebibyte);
  EXPECT_GE(volume.report.clusters, 65525u);
  expect_clean();
  expect_contents(b.tree);
}

TEST_F(Fat32Volumes, EverySizeIsValid) {
  WINNOW_REQUIRE_PROGRAMS("fsck.fat");
  const TreeBuilder b = sample_tree();
  struct Case {
    ByteCount mebibytes, cluster_size;
  };
  for (const Case& c : {Case{33, 512},
                        {64, 512},
                        {65, 1024},
                        {100, 1024},
                        {128, 1024},
                        {200, 2048},
                        {256, 2048},
                        {260, 4096},
                        {300, 4096},
                        {9000, 8192},
                        {33000, 32768}}) {
    Fat32Options fat;
    fat.size = c.mebibytes * kMebibyte;
    const Fat32Volume volume = make(b.tree, fat);
    EXPECT_EQ(volume.report.cluster_size, c.cluster_size) << c.mebibytes;
    EXPECT_GE(volume.report.clusters, 65525u) << c.mebibytes;
    expect_clean();
  }
  Fat32Options small;
  small.size = 66'048 << 10;  // with clusters of 1 KiB there would be 65,514
  EXPECT_EQ(plan(b.tree, small).report.cluster_size, 512u);
  for (ByteCount sectors = 70'000; sectors < 70'100; ++sectors) {  // where FATs grow by a sector
    Fat32Options fat;
    fat.size = sectors * 512;
    const Fat32Volume volume = plan(b.tree, fat);
    const Bytes start = disk_bytes(DiskLayout{16 * 512, {volume.layout.segments[0]}});
    const std::uint64_t fat_sectors = *read_le<std::uint32_t>(start, 0x24);
    EXPECT_GE(fat_sectors * 128, volume.report.clusters + 2);
    EXPECT_LE(*read_le<std::uint16_t>(start, 0x0E) + 2 * fat_sectors + volume.report.clusters, sectors);
  }
}

TEST_F(Fat32Volumes, ADirectoryOfManyNames) {
  WINNOW_REQUIRE_PROGRAMS("fsck.fat", "mdir");
  TreeBuilder b;
  const auto folder = b.folder(0, u"many");
  for (int i = 0; i < 6'000; ++i) {
    b.file(folder, *to_utf16("a file with a long name " + std::to_string(i)),
           i % 1000 == 0 ? pattern(700, 1) : Bytes());
  }
  make(b.tree, {});
  expect_clean();
  const Output listed = output_of("mdir -b -i " + quoted("fat.raw") + " ::/many | wc -l");
  EXPECT_EQ(listed.text, "6000\n");
  for (int i = 0; i < 15'900; ++i) b.file(folder, *to_utf16("one more file, long name " + std::to_string(i)), {});
  EXPECT_EQ(error_of(b.tree, {}),
            "cannot write FAT32 volume: a directory of 21900 names needs more than 65536 entries");
}

TEST_F(Fat32Volumes, WhatDoesNotFitSaysHowMuchIsMissing) {
  WINNOW_REQUIRE_PROGRAMS("fsck.fat");
  TreeBuilder b;
  b.file(0, u"a", pattern(20 * kMebibyte, 1));
  Fat32Options fat;
  fat.size = 40 * kMebibyte;
  const std::uint64_t free_clusters = [&] {
    const auto report = plan(b.tree, fat).report;
    return report.clusters - report.used_clusters;
  }();
  b.file(0, u"b", Bytes(free_clusters * 512, 1));
  EXPECT_EQ(make(b.tree, fat).report.used_clusters, plan(b.tree, fat).report.clusters);
  expect_clean();
  b.file(0, u"c", pattern(1000, 1));
  EXPECT_EQ(error_of(b.tree, fat), "cannot fit the tree into 41943040 bytes: 1024 bytes are missing");
  fat.size = 20 * kMebibyte;
  EXPECT_EQ(error_of(b.tree, fat),
            "cannot make a FAT32 volume of 20971520 bytes: with less than 34094592 bytes it would not be FAT32");
}

// Of a size nobody has; its bytes are never read.
class HugeSource final : public ContentSource {
 public:
  explicit HugeSource(ByteCount size) : size_(size) {}
  [[nodiscard]] ByteCount size() const override { return size_; }
  [[nodiscard]] Result<void> read(ByteCount, std::span<std::uint8_t>) const override { return fail("never"); }

 private:
  ByteCount size_;
};

TEST_F(Fat32Volumes, WhatFatCannotHoldIsNamed) {
  TreeBuilder b;
  const auto folder = b.folder(0, u"folder");
  b.file(folder, u"a:b", {});
  b.file(folder, u"dot.", {});
  b.file(folder, std::u16string(256, u'x'), {});
  b.file(folder, u"Same", {});
  b.file(folder, u"sAME", {});
  const auto stream = b.file(folder, u"stream", {});
  b.tree.inodes[stream].extras = std::make_unique<InodeExtras>();
  b.tree.inodes[stream].extras->streams.push_back({u"s", Content::of_bytes({})});
  const auto huge = b.file(folder, u"huge", {});
  b.tree.inodes[huge].content = Content::of_source(std::make_shared<HugeSource>(4ull << 30));
  const std::string start = "cannot write FAT32 volume: cannot hold \"folder\\";
  EXPECT_EQ(error_of(b.tree, {}), start + "a:b\": its name holds \":\"\n" + start +
                                      "dot.\": its name ends in a dot or a space\n" + start + std::string(256, 'x') +
                                      "\": its name has 256 UTF-16 units, at most 255 fit\n" + start +
                                      "sAME\": another name of its directory differs only in case\n" + start +
                                      "stream\": it has a named stream\n" + start +
                                      "huge\": it has 4294967296 bytes, at most 4294967295 fit");
  Fat32Options fat;
  fat.label = "TWELVE CHARS";
  EXPECT_EQ(error_of(TreeBuilder().tree, fat),
            "cannot write FAT32 volume: the label \"TWELVE CHARS\" is not 11 characters of DOS names");
}

TEST_F(Fat32Volumes, ContentThatIsNotWhatWasPinnedIsAnError) {
  TreeBuilder b;
  const Bytes right = pattern(3 * kMebibyte, 1);
  const auto file = b.file(0, u"pinned", right);
  b.tree.inodes[file].digest = sha256(right);
  make(b.tree, {});
  b.tree.inodes[file].digest = sha256(pattern(3, 1));
  EXPECT_NE(DiskTest::error_of(plan(b.tree, {}).layout, DiskFormat::kRaw, at("bad.raw"))
                .find("cannot use bytes in memory: its SHA-256 is "),
            std::string::npos);
  EXPECT_EQ(names(), std::vector<std::string>{"fat.raw"});
}

TEST_F(Fat32Volumes, TimesAreThoseOfTheFormat) {
  using fat32::to_fat_time;
  const auto parts = [](std::int64_t seconds, unsigned hundredths) {
    const auto time = to_fat_time(to_filetime(seconds) + hundredths * 100'000ull);
    return std::to_string((time.date >> 9) + 1980) + "-" + std::to_string(time.date >> 5 & 15) + "-" +
           std::to_string(time.date & 31) + " " + std::to_string(time.time >> 11) + ":" +
           std::to_string(time.time >> 5 & 63) + ":" + std::to_string(time.time % 32 * 2) + "+" +
           std::to_string(time.tenths);
  };
  EXPECT_EQ(parts(0, 0), "1980-1-1 0:0:0+0");
  EXPECT_EQ(parts(951'827'696, 7), "2000-2-29 12:34:56+7");
  EXPECT_EQ(parts(951'827'697, 99), "2000-2-29 12:34:56+199");
  EXPECT_EQ(parts(4'354'819'199, 0), "2107-12-31 23:59:58+100");
  EXPECT_EQ(parts(4'354'819'200, 0), "2107-12-31 23:59:58+199");
}

}  // namespace
}  // namespace winnow
