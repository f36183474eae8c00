#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "base/windows_path.hpp"

namespace winnow {
namespace {

TEST(Error, PrintsPlacesFaultsAndNotes) {
  Diagnostics faults;
  faults.add({"shop.xml", 14, 5}, "cannot resolve role \"iss\": no package provides it", {"did you mean \"iis\"?"});
  faults.add({"shop.xml", 20, 0}, "second");
  faults.add({}, "third");
  EXPECT_EQ(to_string(std::move(faults).error()),
            "shop.xml:14:5: cannot resolve role \"iss\": no package provides it\n"
            "  note: did you mean \"iis\"?\n"
            "shop.xml:20: second\n"
            "third");
}

TEST(Error, NotesAndFilesAreAddedFromFurtherOut) {
  const Error error = Error(Fault{{"", 3, 1}, "bad", {}}).in_file("a.xml").with_note("while reading it");
  EXPECT_EQ(to_string(error), "a.xml:3:1: bad\n  note: while reading it");
}

TEST(Utf16, RoundTripsAllPlanes) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
  EXPECT_EQ(to_utf16(text), u"a\u00e9\u20ac\U0001F600");
  EXPECT_EQ(to_utf8(*to_utf16(text)), text);
  EXPECT_EQ(from_utf16le(*to_utf16le(text, false)), text);
  EXPECT_EQ(to_utf16le("a", true), (Bytes{'a', 0, 0, 0}));
}

TEST(Utf16, IllFormedTextIsRefused) {
  for (const char* text : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xFF"}) {
    EXPECT_FALSE(to_utf16(text)) << text;
  }
  EXPECT_FALSE(to_utf8(std::u16string(1, 0xD800)));
  EXPECT_FALSE(to_utf8(std::u16string(1, 0xDC00)));
  EXPECT_FALSE(from_utf16le(Bytes{1}));
}

TEST(Utf16, UpcaseIsSimpleAndBeyondAscii) {
  EXPECT_EQ(upcase(u"stra\u00dfe \u00e9\u03b1\u0436"), u"STRA\u00dfE \u00c9\u0391\u0416");
  EXPECT_EQ(case_key("Kernel32.DLL"), case_key("KERNEL32.dll"));
}

std::string path_error(std::string_view text) { return to_string(WindowsPath::parse(text).error()); }

TEST(WindowsPath, TakesBothSeparatorsAndTheDrive) {
  for (const char* text :
       {"C:\\Windows\\System32", "c:/Windows/System32/", "\\Windows\\System32", "Windows/System32"}) {
    EXPECT_EQ(WindowsPath::parse(text)->text(), "Windows\\System32") << text;
  }
  EXPECT_TRUE(WindowsPath::parse("C:\\")->is_root());
  const WindowsPath path = *WindowsPath::parse("Windows\\System32\\ntdll.dll");
  EXPECT_EQ(path.name(), "ntdll.dll");
  EXPECT_EQ(path.parent().text(), "Windows\\System32");
  EXPECT_EQ(path.with_slashes(), "Windows/System32/ntdll.dll");
  EXPECT_TRUE(path.is_below(*WindowsPath::parse("WINDOWS")));
  EXPECT_FALSE(path.is_below(path));
  EXPECT_FALSE(WindowsPath::parse("Windows2")->is_below(*WindowsPath::parse("Windows")));
  EXPECT_EQ((path.parent() / *WindowsPath::parse("x")).text(), "Windows\\System32\\x");
}

TEST(WindowsPath, NeverLeavesItsRoot) {
  EXPECT_EQ(path_error("..\\.."), "cannot use path \"..\\..\": \"..\" would leave its place");
  EXPECT_EQ(path_error("a/./b"), "cannot use path \"a/./b\": \".\" would leave its place");
  EXPECT_EQ(path_error("D:\\x"), "cannot use path \"D:\\x\": Windows names cannot hold ':'");
  EXPECT_EQ(path_error("a\\\\b"), "cannot use path \"a\\\\b\": it has an empty component");
  EXPECT_EQ(path_error("a."), "cannot use path \"a.\": a Windows name cannot end in a dot or a space");
  EXPECT_EQ(path_error("a\x01"), "cannot use path \"a\x01\": Windows names cannot hold control characters");
  EXPECT_EQ(path_error("a\xFF"), "cannot use path \"a\xFF\": it is not well-formed UTF-8");
  EXPECT_TRUE(WindowsPath::parse(std::string(255, 'x')));
  EXPECT_FALSE(WindowsPath::parse(std::string(256, 'x')));
}

TEST(WindowsPath, OrdersByComponentWithoutCase) {
  const auto path = [](const char* text) { return *WindowsPath::parse(text); };
  EXPECT_EQ(path("A\\b"), path("a\\B"));
  EXPECT_LT(path("a\\z"), path("a b"));  // a folder's children come before its longer-named neighbour
  EXPECT_LT(path("a"), path("a\\b"));
  EXPECT_LT(path("a!"), path("a#"));
}

TEST(NearestName, FindsMisspeltNamesOnly) {
  const std::vector<std::string> names = {"service-control", "session", "shell"};
  EXPECT_EQ(nearest_name("sesion", names), "session");
  EXPECT_EQ(nearest_name("Shell", names), "shell");
  EXPECT_EQ(nearest_name("database", names), "");
  EXPECT_EQ(did_you_mean("session"), std::vector<std::string>{"did you mean \"session\"?"});
  EXPECT_TRUE(did_you_mean("").empty());
}

TEST(Json, DeepAndBrokenTextIsRefused) {
  EXPECT_EQ((*parse_json("{\"b\":1,\"a\":[true]}", "x"))["b"], 1);
  EXPECT_EQ(to_string(parse_json("{\"a\":}", "index.json").error()),
            "cannot parse index.json: it is no JSON at byte 6");
  EXPECT_EQ(to_string(parse_json(std::string(100, '['), "x").error()),
            "cannot parse x: it is nested deeper than 64 levels");
}

}  // namespace
}  // namespace winnow
