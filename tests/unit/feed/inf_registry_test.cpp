#include "feed/inf_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace winnow {
namespace {

struct Read {
  std::vector<ComponentRegistryKey> keys;
  std::uint32_t left_out = 0;
  std::string error;
};

Read read(const std::string& lines, const std::string& relative_root = "") {
  const auto inf = InfFile::parse("[Strings]\nCV=\"Software\\CV\"\n[Reg]\n" + lines, "t.inf");
  EXPECT_TRUE(inf);
  RegistryKeys keys;
  const auto result = add_inf_registry(*inf, "Reg", relative_root, keys);
  if (!result) return {{}, 0, to_string(result.error())};
  return {std::move(keys).take(), *result, ""};
}

// The only value that `line` sets.
ComponentRegistryValue value_of(const std::string& line) {
  Read result = read(line);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.keys.size(), 1u) << line;
  if (result.keys.size() != 1 || result.keys[0].values.size() != 1) return {};
  return result.keys[0].values[0];
}

Bytes text(std::string_view value) { return text_data(value).value(); }

TEST(InfRegistry, ReadsEachType) {
  using Value = ComponentRegistryValue;
  EXPECT_EQ(value_of("HKLM,k,v,,\"a,b\""), (Value{"v", 1, text("a,b"), false, false, false}));
  EXPECT_EQ(value_of("HKLM,k,,2,x"), (Value{"", 1, text("x"), false, true, false}));
  EXPECT_EQ(value_of("HKLM,k,v,0x20000,%%P%%"), (Value{"v", 2, text("%P%"), false, false, false}));
  EXPECT_EQ(value_of("HKLM,k,v,1,21,8,fF"), (Value{"v", 3, {0x21, 0x08, 0xff}, false, false, false}));
  EXPECT_EQ(value_of("HKLM,k,v,0x10003,0x10"), (Value{"v", 4, dword_data(16), false, true, false}));
  EXPECT_EQ(value_of("HKLM,k,v,0x10001,1,0,0,0"), (Value{"v", 4, {1, 0, 0, 0}, false, false, false}));
  EXPECT_EQ(value_of("HKLM,k,v,0x40002,7"), (Value{"v", 4, dword_data(7), false, true, false}));
  EXPECT_EQ(value_of("HKLM,k,v,0x10000,a,b"),
            (Value{"v", 7, multi_text_data({"a", "b"}).value(), false, false, false}));
  EXPECT_EQ(value_of("HKLM,k,v,0x10008,a"), (Value{"v", 7, multi_text_data({"a"}).value(), true, false, false}));
  EXPECT_EQ(value_of("HKLM,k,v,0x10000,\"\""), (Value{"v", 7, {0, 0}, false, false, false}));
  EXPECT_EQ(value_of("HKLM,k,v,0x20001,1"), (Value{"v", 0, {1}, false, false, false}));
  EXPECT_EQ(value_of("HKLM,k,v,0x60000,t"), (Value{"v", 6, {'t', 0}, false, false, false}));
  EXPECT_EQ(value_of("HKLM,k,v"), (Value{"v", 1, text(""), false, false, false}));
}

TEST(InfRegistry, NamesKeysUnderTheirRoots) {
  const Read result =
      read("HKCR,*\\x,,16\nHKCU,%CV%\\,,0x10\nHKR,Parameters,a,,b\nHKLM,\"quoted\\key\"\nHKU,u,,16\n", "HKEY_X\\S");
  ASSERT_EQ(result.error, "");
  std::vector<std::string> paths;
  for (const auto& key : result.keys) paths.push_back(key.path);
  EXPECT_THAT(paths,
              ::testing::ElementsAre("HKEY_CLASSES_ROOT\\*\\x", "HKEY_CURRENT_USER\\Software\\CV",
                                     "HKEY_X\\S\\Parameters", "HKEY_LOCAL_MACHINE\\quoted\\key", "HKEY_USERS\\u"));
}

TEST(InfRegistry, LaterLinesReplaceUnlessTheyMayNot) {
  const Read result = read("HKLM,k,a,,1\nHKLM,K,A,,2\nHKLM,k,a,2,3\nHKLM,k,b,2,4\n");
  ASSERT_EQ(result.keys.size(), 1u);
  ASSERT_EQ(result.keys[0].values.size(), 2u);
  EXPECT_EQ(result.keys[0].values[0].data, text("2"));
  EXPECT_EQ(result.keys[0].values[1].data, text("4"));
}

TEST(InfRegistry, CountsLinesThatDelete) {
  const Read result = read("HKLM,k,v,4\nHKLM,k,v,0x20,x\nHKLM,k,w,,x\n");
  EXPECT_EQ(result.left_out, 2u);
  ASSERT_EQ(result.keys.size(), 1u);
  EXPECT_EQ(result.keys[0].values.size(), 1u);
}

TEST(InfRegistry, ReportsEveryBadLine) {
  EXPECT_EQ(read("HKXX,k,v\nHKLM,k,v,zz,1\nHKLM,k,v,1,123\nHKLM,k,v,0x10001,x\nHKR,k,v\nHKLM,k,v,,\"\xff\"\n").error,
            "t.inf:4: cannot read AddReg line: \"HKXX\" is not a root key here\n"
            "t.inf:5: cannot read AddReg line: flags \"zz\" are not a number\n"
            "t.inf:6: cannot read AddReg line: \"123\" is not a byte in hex\n"
            "t.inf:7: cannot read AddReg line: \"x\" is not a number\n"
            "t.inf:8: cannot read AddReg line: \"HKR\" is not a root key here\n"
            "t.inf:9: cannot read AddReg line: cannot store \"\xff\": it is not UTF-8");
}

}  // namespace
}  // namespace winnow
