// Hives as Wine's text: the whole file, letter by letter.
#include "run_image/wine_registry.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "support/hive_builder.hpp"

namespace winnow {
namespace {

void add_value(RegistryTree& key, const char* name, std::uint32_t type, std::string_view data) {
  RegistryTree::Value& value = key.values.emplace_back();
  value.name = name;
  value.type = type;
  value.data.assign(data.begin(), data.end());
}

// `text` as UTF-16 with a final NUL.
void add_text(RegistryTree& key, const char* name, std::uint32_t type, std::string_view text) {
  add_value(key, name, type, as_text(*to_utf16le(text, true)));
}

RegistryTree& add_child(RegistryTree& key, const char* name) {
  RegistryTree& child = key.children.emplace_back();
  child.name = name;
  return child;
}

TEST(WineRegistryText, SpellsEveryType) {
  RegistryTree hive;
  RegistryTree& key = add_child(hive, "Shop [1]\\x");
  add_text(key, "", 1, "a \"quoted\" C:\\path");
  add_text(key, "gr\"öße", 2, "%ProgramFiles%\tx\n7");
  add_text(key, "multi", 7, std::string_view("a\0b\0", 4));
  add_value(key, "unterminated", 1, std::string_view("a\0", 2));
  add_value(key, "odd", 1, "a");
  add_value(key, "empty", 1, "");
  add_value(key, "binary", 3, "\x01\xAB");
  add_value(key, "number", 4, std::string_view("\x2A\0\0\0", 4));
  add_value(key, "short number", 4, "\x01\x02");
  add_value(key, "big", 11, std::string_view("\x01\0\0\0\0\0\0\0", 8));
  add_value(key, "driver", 0xFFFF0011, "\x09");
  add_value(key, "none", 0, "");
  add_child(key, "Empty");
  WineRegistryText text("\\\\Machine");
  ASSERT_TRUE(text.add(hive, "Software"));
  EXPECT_EQ(text.text(), R"(WINE REGISTRY Version 2
;; All keys relative to \\Machine

#arch=win64

[Software]

[Software\\Shop \[1\]\\x]
@="a \"quoted\" C:\\path"
"gr\"\x00f6\x00dfe"=str(2):"%ProgramFiles%\011x\0127"
"multi"=str(7):"a\000b\000"
"unterminated"=hex(1):61,00
"odd"=hex(1):61
"empty"=hex(1):
"binary"=hex:01,ab
"number"=dword:0000002a
"short number"=hex(4):01,02
"big"=hex(b):01,00,00,00,00,00,00,00
"driver"=hex(ffff0011):09
"none"=hex(0):

[Software\\Shop \[1\]\\x\\Empty]
)");
}

TEST(WineRegistryText, CurrentControlSetIsALinkToTheSelectedOne) {
  RegistryTree hive;
  add_value(add_child(hive, "Select"), "Current", 4, std::string_view("\x02\0\0\0", 4));
  add_current_control_set(hive);
  add_current_control_set(hive);  // once is enough
  ASSERT_EQ(hive.children.size(), 2u);
  WineRegistryText text("\\\\Machine");
  ASSERT_TRUE(text.add(hive.children[1], "System\\\\CurrentControlSet"));
  const std::string bytes = to_hex(*to_utf16le("\\Registry\\Machine\\System\\ControlSet002", false));
  std::string list;
  for (std::size_t i = 0; i < bytes.size(); i += 2) list += (i == 0 ? "" : ",") + bytes.substr(i, 2);
  EXPECT_EQ(text.text(),
            "WINE REGISTRY Version 2\n;; All keys relative to "
            "\\\\Machine\n\n#arch=win64\n\n[System\\\\CurrentControlSet]\n#link\n"
            "\"SymbolicLinkValue\"=hex(6):" +
                list + "\n");
}

TEST(WineRegistryText, ANameThatIsNoTextIsAnError) {
  RegistryTree hive;
  add_child(hive, "\xFF");
  const auto added = WineRegistryText("x").add(hive, "Software");
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().faults().front().message,
            "cannot read registry key Software: a name in it is no Unicode text");
}

class WineRegistryFiles : public ::testing::Test {
 protected:
  // A hive with one key and one number in it.
  void add_hive(const std::string& path, const std::string& key_name) {
    testing::TestKey root;
    testing::TestKey& key = root.children.emplace_back();
    key.name = key_name;
    testing::TestValue& value = key.values.emplace_back();
    value.name = "n";
    value.type = 4;
    value.data = Bytes(4, 7);
    ASSERT_TRUE(drive_.add_file(*WindowsPath::parse(path), testing::build_hive(root)));
  }
  std::string text_of(const std::string& name) {
    const auto bytes = read_file(folder_.path() / name, 1 << 20);
    return bytes ? std::string(as_text(*bytes)) : "absent";
  }
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-registry-test");
  DriveFolder drive_{[this] {
                       std::filesystem::create_directory(folder_.path() / "drive_c");
                       return folder_.path() / "drive_c";
                     }(),
                     {}};
};

TEST_F(WineRegistryFiles, AreNoneForAnImageWithoutHives) {
  ASSERT_TRUE(write_wine_registry(drive_, folder_.path()));
  EXPECT_EQ(text_of("system.reg") + text_of("user.reg") + text_of("userdef.reg"), "absentabsentabsent");
}

TEST_F(WineRegistryFiles, TakeTheDefaultUserWhereThereIsNoNewOne) {
  add_hive("Windows/System32/config/SOFTWARE", "Shop");
  add_hive("Windows/System32/config/DEFAULT", "Mine");
  ASSERT_TRUE(write_wine_registry(drive_, folder_.path()));
  EXPECT_EQ(text_of("system.reg"),
            "WINE REGISTRY Version 2\n;; All keys relative to "
            "\\\\Machine\n\n#arch=win64\n\n[Software]\n\n[Software\\\\Shop]\n\"n\"=dword:07070707\n");
  EXPECT_EQ(text_of("user.reg"),
            "WINE REGISTRY Version 2\n;; All keys relative to "
            "\\\\User\\\\S-1-5-21-0-0-0-1000\n\n#arch=win64\n\n[Mine]\n\"n\"=dword:07070707\n");
  EXPECT_EQ(text_of("userdef.reg"),
            "WINE REGISTRY Version 2\n;; All keys relative to "
            "\\\\User\\\\.Default\n\n#arch=win64\n\n[Mine]\n\"n\"=dword:07070707\n");
}

TEST_F(WineRegistryFiles, ABadHiveIsNamed) {
  ASSERT_TRUE(drive_.add_file(*WindowsPath::parse("Windows/System32/config/SYSTEM"), as_bytes("")));
  const auto written = write_wine_registry(drive_, folder_.path());
  ASSERT_FALSE(written);
  EXPECT_TRUE(
      written.error().faults().front().message.starts_with("cannot read hive Windows\\System32\\config\\SYSTEM: "));
}

}  // namespace
}  // namespace winnow
