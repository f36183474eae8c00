// DOS names as Windows makes them.
#include "image/disk/short_name.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/utf16.hpp"

namespace winnow {
namespace {

std::string made(ShortNames& names, const std::string& long_name) { return *to_utf8(names.make(*to_utf16(long_name))); }

std::string alone(const std::string& long_name) {
  ShortNames names;
  return made(names, long_name);
}

TEST(ShortName, TellsWhatNeedsNone) {
  for (const auto* name : {u"BOOTMGR", u"bootx64.efi", u"a", u"A~1.B", u"12345678.123", u"BCD", u"x{}'@#$%&-_^!()"}) {
    const bool fits = std::u16string_view(name).size() <= 12;
    EXPECT_EQ(is_short_name(name), fits) << *to_utf8(name);
  }
  for (const auto* name : {u"", u".", u"..", u".a", u"a.", u"123456789", u"a.1234", u"a.b.c", u"a b", u"a+b", u"a[",
                           u"ä", u"a;b", u"a=b", u"a,b", u"a.b c"}) {
    EXPECT_FALSE(is_short_name(name)) << *to_utf8(name);
  }
}

TEST(ShortName, IsMadeAsWindowsDoes) {
  EXPECT_EQ(alone("Program Files"), "PROGRA~1");
  EXPECT_EQ(alone("bootmgfw.efi.mui"), "BOOTMG~1.MUI");
  EXPECT_EQ(alone("5+6 June Report.doc"), "5_6JUN~1.DOC");  // Galvin's example
  EXPECT_EQ(alone("SomeStuff.aspx"), "SOMEST~1.ASP");
  EXPECT_EQ(alone("a.testing.file.bat"), "ATESTI~1.BAT");
  EXPECT_EQ(alone(".gitignore"), "GITIGN~1");
  EXPECT_EQ(alone("index.html"), "INDEX~1.HTM");
}

// From listings of Windows machines: Galvin's article, and an answer on Stack Overflow (31526206).
TEST(ShortName, HashesAsWindowsDoes) {
  EXPECT_EQ(short_name_hash(u"SomeStuff.aspx"), 0xBC84);
  EXPECT_EQ(short_name_hash(u"Rammstein & Tatu - Moscow.mp3"), 0x8E17);
  EXPECT_EQ(short_name_hash(u"Rammstein - Asche zu Asche.mp3"), 0x23A6);
  EXPECT_EQ(short_name_hash(u"Rammstein - Du Hast.mp3"), 0x0CAE);
  EXPECT_EQ(short_name_hash(u"Rammstein - Haifisch.mp3"), 0x6BAA);
}

TEST(ShortName, CountsToFourAndThenHashes) {
  ShortNames names;
  for (int i = 1; i <= 4; ++i) {
    EXPECT_EQ(made(names, "SomeStuff" + std::to_string(i) + ".aspx"), "SOMEST~" + std::to_string(i) + ".ASP");
  }
  EXPECT_EQ(made(names, "SomeStuff.aspx"), "SOBC84~1.ASP");
  EXPECT_EQ(made(names, "SomeStuff.aspx"), "SOBC84~2.ASP");
  for (int i = 3; i <= 9; ++i) (void)names.make(u"SomeStuff.aspx");
  EXPECT_EQ(made(names, "SomeStuff.aspx"), "SOBC8~10.ASP");
}

TEST(ShortName, IsAHashWhenLittleIsLeftOfTheName) {
  EXPECT_EQ(alone("a b"), "AB" + alone("a b").substr(2, 4) + "~1");
  EXPECT_EQ(alone("日本語.txt").substr(4), "~1.TXT");
  EXPECT_TRUE(is_short_name(*to_utf16(alone("日本語.日本"))));
}

TEST(ShortName, TenThousandAlikeAreAllDifferent) {
  ShortNames names;
  std::set<std::u16string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = "component-with-a-long-name-" + std::to_string(i) + ".manifest";
    const std::u16string name = names.make(*to_utf16(text));
    EXPECT_TRUE(is_short_name(name)) << *to_utf8(name);
    EXPECT_TRUE(seen.insert(name).second) << *to_utf8(name);
  }
}

TEST(ShortName, ATreeKeepsTheNamesThatAreThere) {
  VolumeTree tree;
  tree.names.push_back({});
  const auto add = [&](const std::u16string& name, const std::u16string& short_name) {
    tree.names.push_back({0, 1, name, short_name});
  };
  add(u"longer name 1", u"");
  add(u"longer name 2", u"LONGER~1");
  add(u"Longer~2", u"");
  add(u"plain.txt", u"");
  tree.names.push_back({4, 1, u"longer name 1", u""});
  add_short_names(tree);
  std::vector<std::u16string> made;
  for (const Dentry& dentry : tree.names) made.push_back(dentry.short_name);
  EXPECT_EQ(made, (std::vector<std::u16string>{u"", u"LONGER~3", u"LONGER~1", u"", u"", u"LONGER~1"}));
}

}  // namespace
}  // namespace winnow
