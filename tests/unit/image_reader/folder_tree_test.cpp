#include "image_reader/folder_tree.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "plan/file_tree.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

class FolderTree : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path root() const { return folder_.path() / "tree"; }
  void SetUp() override { fs::create_directory(root()); }

  void add(const std::string& path, const std::string& content = "x") {
    fs::create_directories((root() / path).parent_path());
    std::ofstream(root() / path) << content;
  }
  void stamp(const std::string& path, std::int64_t seconds, long nanoseconds = 0) {
    const timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (root() / path).c_str(), times, 0), 0);
  }
  // "d a|f a\\b=3|…", inode numbers of names that share one in brackets.
  std::string text() {
    const auto tree = scan_folder(root());
    if (!tree) return to_string(tree.error());
    std::string out;
    for (std::size_t i = 1; i < tree->names.size(); ++i) out += (i == 1 ? "" : "|") + line(*tree, i);
    return out;
  }

 private:
  static std::string line(const VolumeTree& tree, std::size_t i) {
    const Dentry& dentry = tree.names[i];
    const Inode& inode = tree.inodes[dentry.inode];
    std::string path = *to_utf8(dentry.name);
    for (std::uint32_t up = dentry.parent; up != 0; up = tree.names[up].parent)
      path = *to_utf8(tree.names[up].name) + "\\" + path;
    if ((inode.attributes & kAttributeDirectory) != 0) return "d " + path;
    std::size_t links = 0;
    for (const Dentry& other : tree.names) links += other.inode == dentry.inode ? 1 : 0;
    const std::string link = links > 1 ? "[" + std::to_string(dentry.inode) + "]" : "";
    return "f " + path + "=" + std::to_string(inode.content ? inode.content->size() : 0) + link;
  }

  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-folder-test");
};

TEST_F(FolderTree, IsInTheOrderOfUpperCasedNames) {
  add("b/Zeta", "123");
  add("b/alpha", "");
  add("B2/x/y/deep");
  add("a");
  EXPECT_EQ(text(), "f a=1|d b|f b\\alpha=0|f b\\Zeta=3|d B2|d B2\\x|d B2\\x\\y|f B2\\x\\y\\deep=1");
}

TEST_F(FolderTree, KeepsHardLinksByInode) {
  add("one/first", "12345");
  add("two/other");
  fs::create_hard_link(root() / "one/first", root() / "two/second");
  EXPECT_EQ(text(), "d one|f one\\first=5[2]|d two|f two\\other=1|f two\\second=5[2]");
}

TEST_F(FolderTree, TakesTheLastWriteAsEveryTime) {
  add("file");
  stamp("file", 1'700'000'000, 123'456'789);
  const auto tree = scan_folder(root());
  ASSERT_TRUE(tree);
  const FileTimes& times = tree->inodes[1].times;
  EXPECT_EQ(times.created, to_filetime(1'700'000'000) + 1'234'567);
  EXPECT_EQ(times.modified, times.created);
  EXPECT_EQ(times.changed, times.created);
  EXPECT_EQ(times.accessed, times.created);
  EXPECT_EQ(tree->inodes[1].attributes, kAttributeArchive);
  EXPECT_EQ(tree->security_descriptors.size(), 2u);
}

TEST_F(FolderTree, NoticesAFileThatWasWrittenToMeanwhile) {
  add("file", "12345");
  stamp("file", 1'700'000'000);
  const auto tree = scan_folder(root());
  ASSERT_TRUE(tree);
  ASSERT_TRUE(tree->inodes[1].content->load());
  add("file", "54321");
  const auto loaded = tree->inodes[1].content->load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(to_string(loaded.error()),
            "cannot read " + (root() / "file").string() + ": it was changed after it was planned");
}

TEST_F(FolderTree, RefusesWhatAVolumeCannotHold) {
  const auto refusal = [this](const std::string& name, const std::string& why) {
    EXPECT_EQ(text(), "cannot take " + (root() / name).string() + ": " + why);
    fs::remove(root() / name);
  };
  fs::create_symlink("nowhere", root() / "link");
  refusal("link", "it is neither a file nor a folder");
  add("C:");
  refusal("C:", "a name of Windows holds neither \\ nor :");
  add("a\\b");
  refusal("a\\b", "a name of Windows holds neither \\ nor :");
  add("end.");
  EXPECT_NE(text().find("cannot use path \"end.\""), std::string::npos);
  fs::remove(root() / "end.");
  add("Same");
  add("SAME");
  refusal("Same", "its name differs from SAME only in case");
}

TEST_F(FolderTree, NamesTheFirstErrorByPath) {
  for (int i = 0; i < 40; ++i) fs::create_directories(root() / ("d" + std::to_string(i)));
  for (int i = 0; i < 40; ++i) fs::create_symlink("x", root() / ("d" + std::to_string(i)) / "link");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(text(), "cannot take " + (root() / "d0/link").string() + ": it is neither a file nor a folder");
}

TEST_F(FolderTree, SaysThatThereIsNoSuchFolder) {
  fs::remove_all(root());
  EXPECT_EQ(text(), "cannot read folder " + root().string() + ": no such file or directory");
}

}  // namespace
}  // namespace winnow
