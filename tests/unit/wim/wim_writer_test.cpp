#include "image/wim/wim_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "plan/security_descriptor.hpp"
#include "support/disk_programs.hpp"
#include "support/volume_tree_maker.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using testing::bytes_of;
using testing::full_tree;
using ::testing::HasSubstr;
using testing::kTreeTime;
using testing::long_content;
using ::testing::Not;
using testing::TreeMaker;

constexpr auto kOddName = "/gr\xC3\xB6\xC3\x9F\x65 \xF0\x9F\x98\x80.long name";

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>&1").c_str(), "r"), ::pclose);
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t count = 1; count != 0;) {
    count = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
    out.append(buffer.data(), count);
  }
  return out;
}

class WimWriter : public ::testing::Test {
 protected:
  void SetUp() override { WINNOW_REQUIRE_PROGRAMS("wimlib-imagex") }

  [[nodiscard]] fs::path path(const std::string& name = "image.wim") const { return folder_.path() / name; }
  static WimOptions options(WimCompression compression, bool solid = false) {
    WimOptions made;
    made.compression = compression;
    made.solid = solid;
    made.name = "node <hello>";
    made.description = "made & tested";
    made.flags = "ServerNano";
    made.architecture = "amd64";
    made.os_version = *parse_version("10.0.20348.4648");
    made.created = kTreeTime;
    return made;
  }
  Result<WriteReport> write(const VolumeTree& tree, const WimOptions& how, const std::string& name = "image.wim") {
    SilentProgress progress;
    return write_wim(tree, how, path(name), progress);
  }
  [[nodiscard]] std::string judge(const std::string& arguments) const {
    return output_of("cd " + folder_.path().string() + " && wimlib-imagex " + arguments);
  }
  // Files libwim takes out of it, "path=size:first digits of the SHA-256".
  std::string applied() {
    EXPECT_EQ(judge("apply image.wim 1 out --quiet --no-acls >/dev/null 2>&1 && echo done"), "done\n");
    EXPECT_EQ(fs::read_symlink(path("out/symlink")), "tiny.txt");
    fs::remove(path("out/symlink"));
    std::ostringstream out;
    const auto entries = list_tree(path("out"));
    for (const DirectoryEntry& entry : *entries) {
      if (entry.is_directory) continue;
      const Bytes bytes = *read_file(path("out") / entry.path, 1 << 24);
      out << line(entry.path, bytes);
    }
    fs::remove_all(path("out"));
    return out.str();
  }
  static std::string line(const std::string& name, const Bytes& bytes) {
    return name + "=" + std::to_string(bytes.size()) + ":" + sha256(bytes).hex().substr(0, 8) + "\n";
  }

 private:
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-wim-test");
};

TEST_F(WimWriter, EveryCompressionIsReadAndVerifiedByLibwim) {
  const std::string expected =
      line("Windows/linked.txt", bytes_of("hello")) + line("Windows/long.dll", long_content()) +
      line("Windows/same as tiny.txt", bytes_of("hello")) + line(kOddName + 1, bytes_of("name")) + line("nothing", {}) +
      line("streams", bytes_of("unnamed")) + line("tiny.txt", bytes_of("hello"));
  const TreeMaker made = full_tree();
  const std::vector<std::pair<WimCompression, bool>> formats = {
      {WimCompression::none, false}, {WimCompression::xpress, false}, {WimCompression::lzx, false},
      {WimCompression::lzms, false}, {WimCompression::lzms, true},    {WimCompression::lzx, true}};
  for (const auto& [compression, solid] : formats) {
    SCOPED_TRACE(static_cast<int>(compression));
    const auto report = write(made.tree(), options(compression, solid));
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_EQ(report->stored, fs::file_size(path()));
    EXPECT_THAT(judge("verify image.wim"), HasSubstr("was successfully verified"));
    EXPECT_EQ(applied(), expected);
  }
}

TEST_F(WimWriter, CompressionMakesItSmaller) {
  TreeMaker made;
  made.file(0, u"a", Bytes(4'000'000, 7));
  const ByteCount plain = write(made.tree(), options(WimCompression::none))->stored;
  EXPECT_GT(plain, 4'000'000u);
  EXPECT_LT(write(made.tree(), options(WimCompression::xpress))->stored, plain / 20);
  EXPECT_LT(write(made.tree(), options(WimCompression::lzx))->stored, plain / 20);
  EXPECT_LT(write(made.tree(), options(WimCompression::lzms, true))->stored, plain / 20);
}

// The listing's lines about one path.
std::string details_of(const std::string& listing, const std::string& file) {
  const std::size_t start = listing.find("Full Path           = \"" + file + "\"");
  if (start == std::string::npos) return "no " + file;
  return listing.substr(start, listing.find("-----", start) - start);
}

TEST_F(WimWriter, KeepsTimesAttributesLinksStreamsAndShortNames) {
  ASSERT_TRUE(write(full_tree().tree(), options(WimCompression::lzx)));
  const std::string listing = judge("dir image.wim 1 --detailed");
  const std::string tiny = details_of(listing, "/tiny.txt");
  EXPECT_THAT(tiny, HasSubstr("Attributes          = 0x00000020"));
  EXPECT_THAT(tiny, HasSubstr("Creation Time       = Tue Nov 14 22:13:20 2023 UTC"));
  EXPECT_THAT(tiny, HasSubstr("Last Write Time     = Tue Nov 14 22:13:21 2023 UTC"));
  EXPECT_THAT(tiny, HasSubstr("Last Access Time    = Tue Nov 14 22:13:23 2023 UTC"));
  EXPECT_THAT(tiny, HasSubstr("Link Count          = 2"));
  EXPECT_THAT(tiny, HasSubstr("Reference Count   = 3"));
  EXPECT_THAT(details_of(listing, kOddName), HasSubstr("Short Name          = \"GRE~1.LON\""));
  const std::string streams = details_of(listing, "/streams");
  EXPECT_THAT(streams, HasSubstr("Zone.Identifier"));
  EXPECT_THAT(streams, HasSubstr("Uncompressed size = 14 bytes"));
  EXPECT_THAT(details_of(listing, "/Windows/empty"), HasSubstr("of a folder"));
  EXPECT_THAT(details_of(listing, "/symlink"), HasSubstr("FILE_ATTRIBUTE_REPARSE_POINT"));
  EXPECT_THAT(details_of(listing, "/symlink"), HasSubstr("0xa000000c"));
}

// libwim writes descriptors into an NTFS volume, libntfs-3g reads them there.
TEST_F(WimWriter, KeepsSecurityDescriptors) {
  WINNOW_REQUIRE_PROGRAMS("mkntfs", "wimlib-imagex")
  ASSERT_TRUE(write(full_tree().tree(), options(WimCompression::xpress)));
  const std::string volume = path("volume.ntfs").string();
  ASSERT_TRUE(test::run_program("truncate -s 16M " + volume + " && mkntfs -q -Q -F " + volume + " >/dev/null 2>&1"));
  EXPECT_EQ(judge("apply image.wim 1 volume.ntfs --quiet && echo done"), "done\n");
  EXPECT_EQ(judge("capture volume.ntfs back.wim --quiet && echo done"), "done\n");
  const std::string one = details_of(judge("dir back.wim 1 --detailed"), "/Windows/long.dll");
  EXPECT_NE(one.find(to_hex(*parse_sddl("O:SYG:SYD:(A;;FA;;;SY)"))), std::string::npos) << one;
}

TEST_F(WimWriter, SaysWhatItIsInItsHeaderAndXml) {
  WimOptions how = options(WimCompression::lzx);
  how.bootable = true;
  ASSERT_TRUE(write(full_tree().tree(), how));
  const std::string info = judge("info image.wim");
  for (const char* text :
       {"Compression:    LZX", "Chunk Size:     32768 bytes", "Boot Index:     1", "Integrity info",
        "Name:                   node <hello>", "Description:            made & tested", "Directory Count:        3",
        "File Count:             8", "Hard Link Bytes:        5", "Architecture:           x86_64",
        "Build:                  20348", "Service Pack Build:     4648", "Flags:                  ServerNano",
        "Creation Time:          Tue Nov 14 22:13:20 2023 UTC"}) {
    EXPECT_THAT(info, HasSubstr(text));
  }
  how.bootable = false;
  how.integrity = false;
  ASSERT_TRUE(write(full_tree().tree(), how));
  EXPECT_THAT(judge("info image.wim"), HasSubstr("Boot Index:     0"));
  EXPECT_THAT(judge("info image.wim"), Not(HasSubstr("Integrity info")));
}

TEST_F(WimWriter, IntegrityTableFindsADamagedByte) {
  TreeMaker made;
  made.file(0, u"a", Bytes(25'000'000, 3));
  ASSERT_TRUE(write(made.tree(), options(WimCompression::none)));
  ASSERT_THAT(judge("verify image.wim"), HasSubstr("was successfully verified"));
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(24'000'000);
  file.put(4);
  file.close();
  EXPECT_THAT(judge("info image.wim --check"), HasSubstr("integrity"));
  EXPECT_THAT(judge("verify image.wim"), Not(HasSubstr("was successfully verified")));
}

TEST_F(WimWriter, IsTheSameEveryTime) {
  for (const auto& how : {options(WimCompression::lzx), options(WimCompression::lzms, true)}) {
    ASSERT_TRUE(write(full_tree().tree(), how, "one.wim"));
    ASSERT_TRUE(write(full_tree().tree(), how, "two.wim"));
    EXPECT_EQ(*read_file(path("one.wim"), 1 << 24), *read_file(path("two.wim"), 1 << 24));
  }
}

// What a disk gets as a file is what would be written under a name, and lies in no file that can be seen.
TEST_F(WimWriter, IsTheSameAsTheContentOfAFile) {
  const TreeMaker maker = full_tree();
  for (const bool solid : {false, true}) {
    const WimOptions how = options(WimCompression::lzx, solid);
    const auto written = write(maker.tree(), how);
    ASSERT_TRUE(written) << to_string(written.error());
    SilentProgress progress;
    const auto packed = pack_wim(maker.tree(), how, path().parent_path(), progress);
    ASSERT_TRUE(packed) << to_string(packed.error());
    EXPECT_EQ(packed->report.stored, written->stored);
    const auto loaded = packed->content.load();
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    EXPECT_EQ(Bytes(loaded->bytes().begin(), loaded->bytes().end()), *read_file(path(), 1 << 24));
    EXPECT_EQ(list_tree(path().parent_path())->size(), 1u) << "image.wim alone";
  }
}

TEST_F(WimWriter, TakesATreeOfNothingButTheRoot) {
  for (const bool solid : {false, true}) {
    ASSERT_TRUE(write(TreeMaker().tree(), options(WimCompression::lzms, solid)));
    EXPECT_THAT(judge("verify image.wim"), HasSubstr("was successfully verified"));
    EXPECT_EQ(judge("dir image.wim 1"), "/\n");
  }
}

TEST_F(WimWriter, TakesAFolderOfManyFiles) {
  TreeMaker made;
  const std::uint32_t folder = made.folder(0, u"many");
  for (int i = 0; i < 5'000; ++i) {
    made.file(folder, *to_utf16("file " + std::to_string(i)), bytes_of("content " + std::to_string(i % 1000)));
  }
  ASSERT_TRUE(write(made.tree(), options(WimCompression::xpress)));
  EXPECT_THAT(judge("verify image.wim"), HasSubstr("was successfully verified"));
  EXPECT_EQ(judge("dir image.wim 1 | wc -l"), "5002\n");
}

class WimRefusals : public WimWriter {
 protected:
  std::string refusal(const TreeMaker& made, const WimOptions& how = options(WimCompression::lzx)) {
    const auto report = write(made.tree(), how);
    EXPECT_TRUE(report || fs::is_empty(path().parent_path()));
    return report ? "" : to_string(report.error());
  }
};

TEST_F(WimRefusals, NamesWhatAWimCannotHold) {
  TreeMaker attributes;
  const std::uint32_t folder = attributes.folder(0, u"a");
  attributes.extras(attributes.file(folder, u"b", {})).attributes.push_back({"EA", 0, {1}});
  EXPECT_EQ(refusal(attributes), "cannot write WIM: \\a\\b has extended attributes, which a WIM has no place for");

  TreeMaker linked;
  const std::uint32_t point = linked.file(0, u"point", {});
  linked.extras(point).reparse = ReparsePoint{ntfs::kTagSymlink, {1, 2, 3, 4}};
  linked.link(0, u"other", point);
  EXPECT_EQ(refusal(linked),
            "cannot write WIM: \\point is a reparse point with several names, which a WIM has no place for");
  EXPECT_EQ(refusal(TreeMaker(), options(WimCompression::none, true)),
            "cannot write WIM: a solid one is always compressed");
}

TEST_F(WimRefusals, NoticesAContentThatIsNotWhatWasPinned) {
  TreeMaker made;
  made.inode_of(made.file(0, u"a", bytes_of("hello"))).digest = sha256(as_bytes("other"));
  EXPECT_EQ(refusal(made), "cannot use bytes in memory: its SHA-256 is " + sha256(as_bytes("hello")).hex() +
                               ", expected " + sha256(as_bytes("other")).hex());
}

TEST_F(WimRefusals, LeavesNothingWhenTheDiskIsFull) {
  TreeMaker made;
  made.file(0, u"a", Bytes(100'000, 1));
  SilentProgress progress;
  const auto report = write_wim(made.tree(), options(WimCompression::none), "/dev/full", progress);
  ASSERT_FALSE(report);
  EXPECT_EQ(to_string(report.error()), "cannot write /dev/full: no space left on device");
}

}  // namespace
}  // namespace winnow
