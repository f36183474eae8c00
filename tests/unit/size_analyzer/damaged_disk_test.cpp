// One clear error for each thing that can be wrong with what the map of a disk is made from.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "formats/vhd.hpp"
#include "formats/vhdx.hpp"
#include "size_analyzer/disk_map.hpp"
#include "support/disk_maker.hpp"
#include "support/ntfs_editor.hpp"

namespace winnow {
namespace {

using test::ByteSpan;
using test::NtfsEditor;
using test::put_le;

class DamagedDisks : public ::testing::Test {
 protected:
  static Bytes bare_volume() {
    test::DiskTree t;
    t.file(0, "one.bin", test::disk_bytes(20'000, 1));
    t.file(0, "two.bin", test::disk_bytes(20'000, 2));
    return test::written(test::ntfs_layout(std::move(t.tree)), DiskFormat::kRaw);
  }
  std::string error_of(const Bytes& disk) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(disk.data()), static_cast<std::streamsize>(disk.size()));
    const auto map = map_disk(path_);
    if (map) return "";
    const std::string text = to_string(map.error());
    const std::string start = "cannot measure " + path_.string() + ": ";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  }
  std::string error_after(const std::function<void(const NtfsEditor&)>& edit) {
    Bytes volume = bare_volume();
    edit(NtfsEditor(volume));
    return error_of(volume);
  }
  // Of the run list of one.bin.
  std::string error_after_runs(const std::function<void(ByteSpan)>& edit) {
    return error_after([&](const NtfsEditor& v) {
      v.edit_attribute(v.find(u"one.bin"), ntfs::kData,
                       [&](ByteSpan a) { edit(a.subspan(test::get_le(a, ntfs::attribute::kRunsOffset, 2))); });
    });
  }

 private:
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-damaged-disk");
  std::filesystem::path path_ = folder_.path() / "disk";
};

TEST_F(DamagedDisks, RunListsThatCannotBe) {
  const Bytes volume = bare_volume();
  ASSERT_EQ(error_of(volume), "");
  const std::string one = "its MFT record 27: $DATA: ";
  EXPECT_EQ(error_after_runs([](ByteSpan runs) { runs[0] = 0x1F; }), one + "its run list is damaged");
  EXPECT_EQ(error_after_runs([](ByteSpan runs) { runs[1] = 0; }), one + "its run list is damaged");
  EXPECT_EQ(error_after_runs([](ByteSpan runs) { runs[1] = 200; }), one + "its run list is damaged");
  EXPECT_EQ(error_after_runs([](ByteSpan runs) { runs[0] = 0; }), one + "its run list ends early");
  EXPECT_EQ(error_after_runs([](ByteSpan runs) { put_le(runs, 2, 2, 0x7FFF); }),
            one + "its run list leads outside the volume");
}

TEST_F(DamagedDisks, OneClusterOfTwoFiles) {
  const std::string text = error_after([](const NtfsEditor& v) {
    const std::size_t one = v.find(u"one.bin");
    const std::size_t two = v.find(u"two.bin");
    Bytes run;
    v.edit_attribute(two, ntfs::kData, [&](ByteSpan a) { run.assign(a.begin(), a.end()); });
    v.edit_attribute(one, ntfs::kData, [&](ByteSpan a) { std::copy(run.begin(), run.end(), a.begin()); });
  });
  EXPECT_TRUE(text.starts_with("its cluster ")) << text;
  EXPECT_TRUE(text.ends_with(" belongs to MFT record 27 ($DATA) and to MFT record 28 ($DATA)")) << text;
}

// A run list that comes back to where it was: its second run is its first.
TEST_F(DamagedDisks, ARunListThatRunsInACircle) {
  const std::string text = error_after([](const NtfsEditor& v) {
    v.edit_attribute(v.find(u"one.bin"), ntfs::kData, [](ByteSpan a) {
      const ByteSpan runs = a.subspan(test::get_le(a, ntfs::attribute::kRunsOffset, 2));
      const std::size_t place = runs[0] >> 4u;
      ASSERT_LE(place, 2u);
      runs[1] = 2;  // of the five clusters; then three more at the same place
      runs[2 + place] = 0x11;
      runs[3 + place] = 3;
      runs[4 + place] = 0;
      runs[5 + place] = 0;
    });
  });
  EXPECT_TRUE(text.ends_with(" belongs to MFT record 27 ($DATA) and to MFT record 27 ($DATA)")) << text;
}

TEST_F(DamagedDisks, RecordsThatCannotBe) {
  EXPECT_EQ(error_after([](const NtfsEditor& v) { v.raw_record(27)[510] ^= 1; }),
            "its MFT record 27: it was written only in part");
  EXPECT_EQ(error_after([](const NtfsEditor& v) { put_le(v.raw_record(27), ntfs::record::kUpdateCount, 2, 9); }),
            "its MFT record 27: its update sequence is damaged");
  EXPECT_EQ(error_after([](const NtfsEditor& v) {
              v.edit_attribute(27, ntfs::kData, [](ByteSpan a) { put_le(a, ntfs::attribute::kLength, 4, 0); });
            }),
            "its MFT record 27: the length of an attribute is damaged");
  EXPECT_EQ(error_after([](const NtfsEditor& v) {
              v.edit_attribute(27, ntfs::kData, [](ByteSpan a) { put_le(a, ntfs::attribute::kDataSize, 8, 1u << 20); });
            }),
            "its MFT record 27: $DATA: it is longer than its run list");
}

TEST_F(DamagedDisks, BootSectorsThatCannotBe) {
  const auto after = [&](std::size_t at, std::size_t size, std::uint64_t value) {
    return error_after([&](const NtfsEditor& v) { put_le(v.volume(), at, size, value); });
  };
  EXPECT_EQ(after(ntfs::boot::kBytesPerSector, 2, 0), "its NTFS boot sector is damaged");
  EXPECT_EQ(after(ntfs::boot::kSectorsPerCluster, 1, 3), "its NTFS boot sector is damaged");
  EXPECT_EQ(after(ntfs::boot::kTotalSectors, 8, 1ull << 40), "its NTFS volume is larger than the room it lies in");
  EXPECT_EQ(after(ntfs::boot::kMftCluster, 8, 1ull << 40), "its $MFT lies outside the volume");
  EXPECT_EQ(after(ntfs::boot::kMftCluster, 8, 1), "its $MFT does not begin with a record in use");
}

TEST_F(DamagedDisks, BlockTablesThatCannotBe) {
  const Bytes sound = test::written(test::mbr_disk(test::plain_tree()), DiskFormat::kVhdDynamic);
  ASSERT_EQ(error_of(sound), "");
  Bytes disk = sound;
  const std::size_t table = 1536;  // BAT
  std::copy_n(disk.begin() + table, 4, disk.begin() + table + 4);
  EXPECT_TRUE(error_of(disk).starts_with("two uses of the file share its byte ")) << error_of(disk);
  disk = sound;
  disk[table] = 0x10;
  EXPECT_TRUE(error_of(disk).ends_with(" goes beyond the end of the file")) << error_of(disk);
  disk = sound;
  disk[512 + vhd::dynamic::kTableOffset] = 0x10;
  EXPECT_NE(error_of(disk), "");
}

TEST_F(DamagedDisks, AVhdxWithChangesInItsLog) {
  Bytes disk = test::written(test::gpt_disk(test::plain_tree()), DiskFormat::kVhdx);
  ASSERT_EQ(error_of(disk), "");
  for (const auto header : {vhdx::header::kOffset1, vhdx::header::kOffset2}) disk[header + vhdx::header::kLogGuid] = 1;
  EXPECT_NE(error_of(disk), "");
}

TEST_F(DamagedDisks, ATruncatedDisk) {
  Bytes volume = bare_volume();
  volume.resize(volume.size() / 2);
  EXPECT_EQ(error_of(volume), "its NTFS volume is larger than the room it lies in");
  EXPECT_EQ(error_of(Bytes(600)), "it is no disk");
}

}  // namespace
}  // namespace winnow
