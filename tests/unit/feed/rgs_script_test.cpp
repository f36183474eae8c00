#include "feed/rgs_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace winnow {
namespace {

constexpr std::string_view kScript = R"(HKCR
{
    NoRemove CLSID
    {
        {0002} = s 'It''s %MODULE%'
        {
            InprocServer32 = s '%MODULE%' { val ThreadingModel = s 'Both' }
            ForceRemove Empty
            Leaf { }
        }
    }
    'a\b' = s '%%1' { val n = d 12 val h = d 0x1F val 'b c' = b 00fF }
}
HKLM { NoRemove Software { } }
)";

std::vector<ComponentRegistryKey> keys_of(std::string_view script) {
  RegistryKeys keys;
  const auto result = add_registrar_script(script, "x.dll", {{"MODULE", "C:\\m.dll"}}, keys);
  EXPECT_TRUE(result) << to_string(result.error());
  return std::move(keys).take();
}

std::string error_of(std::string_view script) {
  RegistryKeys keys;
  const auto result = add_registrar_script(script, "x.dll", {}, keys);
  return result ? "" : to_string(result.error());
}

ComponentRegistryValue text_value(std::string name, std::string_view text) {
  return {std::move(name), 1, text_data(text).value(), false, false, false};
}

TEST(RegistrarScript, GivesKeysAndValues) {
  const std::vector<ComponentRegistryKey> expected = {
      {"HKEY_CLASSES_ROOT\\CLSID\\{0002}", "", {text_value("", "It's C:\\m.dll")}},
      {"HKEY_CLASSES_ROOT\\CLSID\\{0002}\\InprocServer32",
       "",
       {text_value("", "C:\\m.dll"), text_value("ThreadingModel", "Both")}},
      {"HKEY_CLASSES_ROOT\\CLSID\\{0002}\\Empty", "", {}},
      {"HKEY_CLASSES_ROOT\\CLSID\\{0002}\\Leaf", "", {}},
      {"HKEY_CLASSES_ROOT\\a\\b",
       "",
       {text_value("", "%1"),
        {"n", 4, dword_data(12), false, false, false},
        {"h", 4, dword_data(31), false, false, false},
        {"b c", 3, {0x00, 0xff}, false, false, false}}},
      {"HKEY_LOCAL_MACHINE\\Software", "", {}},
  };
  EXPECT_EQ(keys_of(kScript), expected);
}

TEST(RegistrarScript, TakesPaddingAndNothing) {
  EXPECT_TRUE(keys_of("").empty());
  EXPECT_TRUE(keys_of(std::string_view("HKCR { }\n\0\0", 11)).empty());
  EXPECT_TRUE(keys_of("HKCR { Delete Gone }").empty());
}

TEST(RegistrarScript, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(error_of("HKXX { }"), "x.dll:1: cannot parse registrar script: \"HKXX\" is not a root key");
  EXPECT_EQ(error_of("HKCR\n{ a = s"), "x.dll:2: cannot parse registrar script: it ends in the middle");
  EXPECT_EQ(error_of("HKCR { a = q 'x' }"), "x.dll:1: cannot parse registrar script: \"q\" is not a value type");
  EXPECT_EQ(error_of("HKCR { a = d x }"), "x.dll:1: cannot parse registrar script: \"x\" is not a number");
  EXPECT_EQ(error_of("HKCR { a = b 0 }"), "x.dll:1: cannot parse registrar script: \"0\" is not hex");
  EXPECT_EQ(error_of("HKCR { a = s '%X%' }"), "x.dll:1: cannot parse registrar script: %X% is not known");
  EXPECT_EQ(error_of("HKCR { a = s '9%' }"),
            "x.dll:1: cannot parse registrar script: \"9%\" has a single percent sign");
  EXPECT_EQ(error_of("HKCR { 'a"), "x.dll:1: cannot parse registrar script: a quoted text is not closed");
  EXPECT_EQ(error_of("HKCR x"), "x.dll:1: cannot parse registrar script: expected \"{\", found \"x\"");
}

TEST(RegistrarScript, LimitsDepthAndSize) {
  std::string deep = "HKCR { ";
  for (int i = 0; i < 100000; ++i) deep += "k { ";
  EXPECT_EQ(error_of(deep), "x.dll:1: cannot parse registrar script: keys are nested deeper than 64");
  EXPECT_EQ(error_of(std::string(kMaxScriptBytes + 1, ' ')),
            "x.dll: cannot parse registrar script: it holds more than 4194304 bytes");
}

TEST(RegistrarScript, SurvivesEveryTruncation) {
  for (std::size_t size = 0; size < kScript.size(); ++size) {
    RegistryKeys keys;
    const auto result = add_registrar_script(kScript.substr(0, size), "x.dll", {{"MODULE", "m"}}, keys);
    EXPECT_TRUE(result || to_string(result.error()).starts_with("x.dll:")) << size;
  }
}

}  // namespace
}  // namespace winnow
