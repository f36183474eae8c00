// Discs that genisoimage makes: UDF with an ISO 9660 side, ISO 9660 with Joliet or Rock Ridge; the same damaged.
#include "payload/disc_image.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <map>
#include <string>

#include "base/file_system.hpp"
#include "support/disk_programs.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> tree_files() {
  std::string large;
  for (int i = 0; large.size() < 100'000; ++i) large += std::to_string(i * i) + "\n";
  return {{"NanoServer/NanoServer.wim", large},
          {"NanoServer/Packages/en-us/Microsoft-NanoServer-Compute-Package_en-us.cab", "MSCF"},
          {"empty", ""},
          {"setup.exe", "MZ"}};
}

class DiscImage : public ::testing::Test {
 protected:
  void SetUp() override {
    WINNOW_REQUIRE_PROGRAMS("genisoimage");
    folder_.emplace(TemporaryDirectory::create("disc").value());
    for (const auto& [name, content] : tree_files()) {
      const fs::path file = folder_->path() / "tree" / name;
      fs::create_directories(file.parent_path());
      ASSERT_TRUE(write_file(file, as_bytes(content)));
    }
  }
  fs::path make(const std::string& options, const std::string& tree = "tree") {
    const fs::path file = folder_->path() / "disc.iso";
    EXPECT_TRUE(test::run_program("cd '" + folder_->path().string() + "' && genisoimage -quiet -V DISC " + options +
                                  " -o disc.iso " + tree + " 2>err || { cat err >&2; false; }"));
    return file;
  }
  // "" or the error.
  static std::string differs(const fs::path& file) {
    const auto files = read_disc(file);
    if (!files) return to_string(files.error());
    std::map<std::string, std::string> found;
    for (const PayloadEntry& entry : *files) {
      const auto loaded = entry.content.load();
      if (!loaded) return to_string(loaded.error());
      found[entry.path] = as_text(loaded->bytes());
      if (loaded->bytes().size() < 100) continue;
      Bytes part(1000);
      EXPECT_TRUE(entry.content.read(70'001, part));
      EXPECT_EQ(as_text(part), found[entry.path].substr(70'001, 1000));
    }
    return found == tree_files() ? "" : "the files are others";
  }
  std::optional<TemporaryDirectory> folder_;
};

TEST_F(DiscImage, UdfIsReadBeforeIso9660) { EXPECT_EQ(differs(make("-udf")), ""); }

TEST_F(DiscImage, JolietAndRockRidge) {
  EXPECT_EQ(differs(make("-J -joliet-long")), "");
  EXPECT_EQ(differs(make("-R")), "");
}

TEST_F(DiscImage, TwoNamesOfOneContent) {
  ASSERT_TRUE(test::run_program("ln '" + (folder_->path() / "tree/setup.exe").string() + "' '" +
                                (folder_->path() / "tree/again.exe").string() + "'"));
  for (const char* options : {"-R", "-J", "-udf"}) {
    SCOPED_TRACE(options);
    const auto files = read_disc(make(options));
    ASSERT_TRUE(files) << to_string(files.error());
    ASSERT_EQ(files->size(), 5u);
    EXPECT_EQ((*files)[2].path, "again.exe");
    const auto loaded = (*files)[2].content.load();
    EXPECT_EQ(as_text(loaded.value().bytes()), "MZ");
  }
}

TEST_F(DiscImage, WhatIsNoDiscAndWhatIsCutOff) {
  const fs::path file = make("-udf");
  Bytes bytes = read_file(file, 1 << 24).value();
  const fs::path other = folder_->path() / "other.iso";
  ASSERT_TRUE(write_file(other, as_bytes("text")));
  EXPECT_EQ(to_string(read_disc(other).error()), "cannot read " + other.string() + ": it is no disc image");
  ASSERT_TRUE(write_file(other, ByteView(bytes).first(60'000)));
  EXPECT_EQ(to_string(read_disc(other).error()), "cannot read " + other.string() + ": it is truncated");
  // Folders are there, contents are not.
  ASSERT_TRUE(write_file(other, ByteView(bytes).first(bytes.size() - 400'000)));
  const std::string cut = differs(other);
  EXPECT_TRUE(cut.starts_with("cannot read " + other.string() + ": its ")) << cut;
}

// The entry of folder "inner" is made to be the folder above it.
TEST_F(DiscImage, FoldersInALoop) {
  fs::create_directories(folder_->path() / "loop/outer/inner");
  ASSERT_TRUE(write_file(folder_->path() / "loop/outer/inner/file", as_bytes("x")));
  const fs::path file = make("-udf", "loop");
  Bytes bytes = read_file(file, 1 << 24).value();
  // File identifiers of ECMA-167 (tag 257): the place of the file's entry (ICB) is at 20, the name's length at 19.
  const auto identifier_of = [&](std::string_view name) -> std::size_t {
    for (std::size_t at = 0; at + 64 < bytes.size(); at += 4) {
      if (bytes[at] != 1 || bytes[at + 1] != 1 || bytes[at + 2] > 3 || bytes[at + 19] != name.size() + 1) continue;
      if (as_text(ByteView(bytes).subspan(at + 39, name.size())) == name) return at;
    }
    return 0;
  };
  const std::size_t outer = identifier_of("outer"), inner = identifier_of("inner");
  ASSERT_NE(outer, 0u);
  ASSERT_NE(inner, 0u);
  std::memcpy(bytes.data() + inner + 20, bytes.data() + outer + 20, 16);
  // The descriptor's own checksum covers its tag only; its CRC, which libudfread does not look at, is left.
  ASSERT_TRUE(write_file(file, bytes));
  const auto files = read_disc(file);
  ASSERT_FALSE(files);
  const std::string text = to_string(files.error());
  EXPECT_TRUE(
      text.starts_with("cannot read " + file.string() + ": its folders are nested deeper than 64: \"outer/inner/inner"))
      << text;
}

}  // namespace
}  // namespace winnow
