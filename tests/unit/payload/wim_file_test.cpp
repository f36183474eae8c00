// WIM files that wimlib-imagex makes, as lists of files; the same damaged; Microsoft's where they are at hand.
#include "payload/wim_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "base/file_system.hpp"
#include "formats/wim.hpp"
#include "fuzz/wim/wim_target.hpp"
#include "payload/open_file.hpp"
#include "support/disk_programs.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(WINNOW_SOURCE_DIR) / "../shared/data/wim";

// What is packed: a file of several chunks, one that is there twice, an empty one, folders in folders.
std::map<std::string, std::string> tree_files() {
  std::string large;
  for (int i = 0; large.size() < 100'000; ++i) large += std::to_string(i * i) + "\n";
  return {{"Windows/large.txt", large},
          {"Windows/System32/a.dll", "MZ one"},
          {"Windows/System32/b.dll", "MZ one"},
          {"empty", ""},
          {"Ünïcode/ß.txt", "text"}};
}
void write_tree(const fs::path& folder) {
  for (const auto& [name, content] : tree_files()) {
    fs::create_directories((folder / name).parent_path());
    ASSERT_TRUE(write_file(folder / name, as_bytes(content)));
  }
}
// "" or the error.
std::string differs(const fs::path& file, std::uint32_t image) {
  const auto wim = WimReader::open(open_file_content(file).value(), file.filename().string());
  if (!wim) return to_string(wim.error());
  const auto files = wim->files(image);
  if (!files) return to_string(files.error());
  std::map<std::string, std::string> found;
  for (const PayloadEntry& entry : *files) {
    const auto loaded = entry.content.load();
    if (!loaded) return to_string(loaded.error());
    found[entry.path] = as_text(loaded->bytes());
  }
  return found == tree_files() ? "" : "the files are others";
}
Content bytes_of(Bytes bytes) { return Content::of_bytes(std::move(bytes)); }
std::string opened(Bytes bytes) {
  const auto wim = WimReader::open(bytes_of(std::move(bytes)), "a.wim");
  return wim ? "good" : to_string(wim.error());
}

TEST(WimReader, OfEachCompressionAndSolid) {
  WINNOW_REQUIRE_PROGRAMS("wimlib-imagex");
  const TemporaryDirectory folder = TemporaryDirectory::create("wim").value();
  write_tree(folder.path() / "tree");
  for (const std::string options :
       {"--compress=none", "--compress=xpress", "--compress=lzx", "--compress=lzms", "--solid"}) {
    SCOPED_TRACE(options);
    const fs::path file = folder.path() / ("a" + options + ".wim");
    const std::string tree = "'" + (folder.path() / "tree").string() + "'";
    ASSERT_TRUE(test::run_program("wimlib-imagex capture " + tree + " '" + file.string() + "' One " + options +
                                  " >/dev/null 2>&1"));
    ASSERT_TRUE(test::run_program("wimlib-imagex append " + tree + " '" + file.string() + "' Two >/dev/null 2>&1"));
    EXPECT_EQ(differs(file, 1), "");
    EXPECT_EQ(differs(file, 2), "");
    EXPECT_EQ(differs(file, 3), "cannot read a" + options + ".wim: it has no image 3");
    const WimReader wim = WimReader::open(open_file_content(file).value(), "a").value();
    EXPECT_EQ(wim.image_count(), 2u);
    EXPECT_NE(wim.xml().find("<NAME>Two</NAME>"), std::string::npos);
  }
}

TEST(WimReader, FilesComeAsTheyLieInTheFile) {
  WINNOW_REQUIRE_PROGRAMS("wimlib-imagex");
  const TemporaryDirectory folder = TemporaryDirectory::create("wim").value();
  write_tree(folder.path() / "tree");
  const fs::path file = folder.path() / "a.wim";
  ASSERT_TRUE(test::run_program("wimlib-imagex capture '" + (folder.path() / "tree").string() + "' '" + file.string() +
                                "' --compress=none >/dev/null 2>&1"));
  const Bytes bytes = read_file(file, 1 << 24).value();
  const WimReader wim = WimReader::open(bytes_of(bytes), "a.wim").value();
  std::size_t before = 0;
  const std::vector<PayloadEntry> files = wim.files(1).value();
  for (const PayloadEntry& entry : files) {
    if (entry.content.size() == 0) continue;
    const LoadedContent loaded = entry.content.load().value();
    const std::size_t at = as_text(bytes).find(as_text(loaded.bytes()));
    EXPECT_GE(at, before) << entry.path;
    before = at;
  }
  // Changed content is noticed by its SHA-1.
  Bytes changed = bytes;
  changed[as_text(bytes).find("MZ one")] = 'N';
  const WimReader damaged = WimReader::open(bytes_of(std::move(changed)), "a.wim").value();
  const std::vector<PayloadEntry> damaged_files = damaged.files(1).value();
  std::size_t faults = 0;
  for (const PayloadEntry& entry : damaged_files) {
    const auto loaded = entry.content.load();
    if (loaded) continue;
    ++faults;
    EXPECT_EQ(to_string(loaded.error()), "cannot read a.wim: the SHA-1 of a file is not what it says");
  }
  EXPECT_EQ(faults, 2u) << "both names of one content";
}

TEST(WimReader, DamagedHeadersAndTables) {
  WINNOW_REQUIRE_PROGRAMS("wimlib-imagex");
  const TemporaryDirectory folder = TemporaryDirectory::create("wim").value();
  write_tree(folder.path() / "tree");
  const fs::path file = folder.path() / "a.wim";
  ASSERT_TRUE(test::run_program("wimlib-imagex capture '" + (folder.path() / "tree").string() + "' '" + file.string() +
                                "' --compress=xpress >/dev/null 2>&1"));
  const Bytes whole = read_file(file, 1 << 24).value();
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes bytes = whole;
    bytes[at] = value;
    return opened(std::move(bytes));
  };
  EXPECT_EQ(opened(whole), "good");
  EXPECT_EQ(opened({}), "cannot read a.wim: it ends in its header");
  EXPECT_EQ(opened(Bytes(whole.begin(), whole.end() - 100)),
            "cannot read a.wim: a resource lies outside it: the file is truncated, or a part of it is missing");
  EXPECT_EQ(with(0, 'X'), "cannot read a.wim: it is no WIM file");
  EXPECT_EQ(with(wim::kVersionOffset, 9), "cannot read a.wim: its version is not known");
  EXPECT_EQ(with(wim::kPartOffset + 2, 2), "cannot read a.wim: it is a part of a split WIM");
  EXPECT_EQ(with(wim::kImageCountOffset, 2), "cannot read a.wim: it says it holds 2 images, and has folders of 1");
  EXPECT_EQ(with(wim::kImageCountOffset + 1, 0x20), "cannot read a.wim: it holds more than 4096 images");
  EXPECT_EQ(with(wim::kXmlOffset + 16 + 4, 1), "cannot read a.wim: a resource that is not compressed has two sizes");
  // Every cut and many flips: an error or the files, never more.
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    testing::read_any_wim({whole.data(), size});
  }
  for (std::size_t at = 0; at < whole.size(); at += at < 256 ? 1 : 41) {
    Bytes bytes = whole;
    bytes[at] ^= 0x41;
    testing::read_any_wim(bytes);
  }
}

TEST(WimReader, SamplesOfOthers) {
  if (!fs::exists(kData)) GTEST_SKIP() << "../shared/data/wim is not here";
  WINNOW_REQUIRE_PROGRAMS("wimlib-imagex");
  std::size_t count = 0;
  const std::vector<DirectoryEntry> samples = list_tree(kData).value();
  for (const DirectoryEntry& sample : samples) {
    SCOPED_TRACE(sample.path);
    const TemporaryDirectory folder = TemporaryDirectory::create("wim").value();
    const auto wim = WimReader::open(open_file_content(kData / sample.path).value(), sample.path);
    ASSERT_TRUE(wim) << to_string(wim.error());
    for (std::uint32_t image = 1; image <= wim->image_count(); ++image) {
      const fs::path applied = folder.path() / std::to_string(image);
      ASSERT_TRUE(test::run_program("wimlib-imagex apply '" + (kData / sample.path).string() + "' " +
                                    std::to_string(image) + " '" + applied.string() + "' >/dev/null 2>&1"));
      std::size_t files = 0;
      const std::vector<DirectoryEntry> tree = list_tree(applied).value();
      for (const DirectoryEntry& entry : tree) files += entry.is_directory ? 0 : 1;
      const std::vector<PayloadEntry> listed = wim->files(image).value();
      EXPECT_EQ(listed.size(), files);
      for (const PayloadEntry& entry : listed) {
        const auto loaded = entry.content.load();
        ASSERT_TRUE(loaded) << to_string(loaded.error());
        EXPECT_EQ(as_text(loaded->bytes()), as_text(read_file(applied / entry.path, 1 << 24).value()));
        ++count;
      }
    }
  }
  EXPECT_GT(count, 6u);
}

TEST(WimCorpus, IsReadWithoutHarm) {
  const fs::path folder = fs::path(WINNOW_SOURCE_DIR) / "tests/fuzz/wim/corpus";
  const auto listed = list_tree(folder).value();
  EXPECT_FALSE(listed.empty());
  for (const DirectoryEntry& entry : listed) {
    SCOPED_TRACE(entry.path);
    testing::read_any_wim(read_file(folder / entry.path, 1 << 20).value());
  }
}

}  // namespace
}  // namespace winnow
