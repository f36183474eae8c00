// C:\ on Linux: spelling, hidden files, the modules Wine may load.
#include "run_image/drive_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_system.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class Drive : public ::testing::Test {
 protected:
  static WindowsPath path(std::string_view text) { return *WindowsPath::parse(text); }
  static void add(DriveFolder& drive, std::string_view name, std::string_view content) {
    const auto added = drive.add_file(path(name), as_bytes(content));
    EXPECT_TRUE(added) << to_string(added.error());
  }
  std::vector<std::string> tree() {
    std::vector<std::string> names;
    const auto entries = list_tree(folder_.path());
    for (const DirectoryEntry& entry : *entries) names.push_back(entry.path + (entry.is_directory ? "/" : ""));
    return names;
  }
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-drive-test");
};

TEST_F(Drive, FoldsOnlyTheFoldersWineLooksFor) {
  DriveFolder drive(folder_.path(), {});
  add(drive, "Windows\\System32\\Drivers\\NSI.sys", "MZ");
  add(drive, "WINDOWS\\SysWOW64\\A.dll", "MZ");
  add(drive, "Users\\Default\\x", "");
  add(drive, "App\\System32\\x", "");
  EXPECT_THAT(tree(),
              ElementsAre("App/", "App/System32/", "App/System32/x", "users/", "users/Default/", "users/Default/x",
                          "windows/", "windows/SysWOW64/", "windows/SysWOW64/A.dll", "windows/system32/",
                          "windows/system32/drivers/", "windows/system32/drivers/NSI.sys"));
}

TEST_F(Drive, OneSpellingOfAFolderHoldsAll) {
  DriveFolder drive(folder_.path(), {});
  add(drive, "App\\a", "");
  add(drive, "APP\\b", "");
  add(drive, "app\\A", "later wins");
  EXPECT_THAT(tree(), ElementsAre("App/", "App/a", "App/b"));
  EXPECT_EQ(std::filesystem::file_size(drive.find(path("APP\\A"))), 10u);
}

TEST_F(Drive, ModulesAreFlatAndSystem32Wins) {
  DriveFolder drive(folder_.path(), {});
  add(drive, "Windows\\WinSxS\\x\\Kernel32.dll", "MZ");
  add(drive, "Windows\\System32\\KERNEL32.dll", "MZ");
  add(drive, "Windows\\System32\\drivers\\nsiproxy.sys", "MZ");
  add(drive, "Windows\\System32\\locale.nls", "no");
  add(drive, "app\\app.dll", "MZ");
  EXPECT_THAT(drive.modules(),
              ElementsAre(Pair("kernel32.dll", folder_.path() / "windows/system32/KERNEL32.dll"),
                          Pair("nsiproxy.sys", folder_.path() / "windows/system32/drivers/nsiproxy.sys")));
  EXPECT_TRUE(drive.has_file_named("locale.nls"));
  EXPECT_FALSE(drive.has_file_named("l_intl.nls"));
}

TEST_F(Drive, HiddenFilesAreAbsentUnderEveryName) {
  DriveFolder drive(folder_.path(), {"WS2_32.dll", "c:\\app\\one.txt", "never.dll"});
  add(drive, "Windows\\System32\\ws2_32.dll", "MZ");
  add(drive, "app\\one.txt", "1");
  add(drive, "other\\one.txt", "1");
  ASSERT_TRUE(drive.add_link(path("Windows\\copy.dll"), path("Windows\\System32\\ws2_32.dll")));
  ASSERT_TRUE(drive.add_link(path("other\\two.txt"), path("other\\one.txt")));
  EXPECT_THAT(tree(), ElementsAre("other/", "other/one.txt", "other/two.txt"));
  EXPECT_TRUE(drive.modules().empty());
  EXPECT_THAT(drive.unmatched(), ElementsAre("never.dll"));
}

TEST_F(Drive, AFileIsNoFolder) {
  DriveFolder drive(folder_.path(), {});
  add(drive, "a", "");
  const auto added = drive.add_file(path("a\\b"), {});
  ASSERT_FALSE(added);
  EXPECT_TRUE(added.error().faults().front().message.starts_with("cannot make folder "));
}

}  // namespace
}  // namespace winnow
