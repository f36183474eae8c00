#include "payload/entry_path.hpp"

#include <gtest/gtest.h>

#include <string>

namespace winnow {
namespace {

std::string parsed(std::string_view stored) {
  const auto path = parse_entry_path(stored);
  return path ? *path : "! " + path.error().faults().front().message;
}

TEST(EntryPath, HasOneSpelling) {
  EXPECT_EQ(parsed("package/bin/node.exe"), "package/bin/node.exe");
  EXPECT_EQ(parsed("./usr/lib//wine/./x.dll"), "usr/lib/wine/x.dll");
  EXPECT_EQ(parsed("lib\\net\\x.dll"), "lib/net/x.dll");
  EXPECT_EQ(parsed("dir/"), "dir");
  EXPECT_EQ(parsed("./"), "");
  EXPECT_EQ(parsed(""), "");
  EXPECT_EQ(parsed("..."), "...");
  EXPECT_EQ(parsed("..a/b.."), "..a/b..");
  EXPECT_EQ(parsed("grüße/日本"), "grüße/日本");
}

TEST(EntryPath, CannotLeaveItsFolder) {
  EXPECT_EQ(parsed("/etc/passwd"), "! its path is absolute");
  EXPECT_EQ(parsed("\\Windows\\x"), "! its path is absolute");
  EXPECT_EQ(parsed("C:/Windows/x"), "! its path is absolute");
  EXPECT_EQ(parsed("c:x"), "! its path is absolute");
  EXPECT_EQ(parsed(".."), "! its path has a \"..\" component");
  EXPECT_EQ(parsed("a/../b"), "! its path has a \"..\" component");
  EXPECT_EQ(parsed("a\\..\\..\\b"), "! its path has a \"..\" component");
}

TEST(EntryPath, HoldsOnlyText) {
  EXPECT_EQ(parsed("a\nb"), "! its path holds a control character");
  EXPECT_EQ(parsed(std::string_view("a\0b", 3)), "! its path holds a control character");
  EXPECT_EQ(parsed("a\xFF"), "! its path is not UTF-8");
  EXPECT_EQ(parsed("a/\xED\xA0\x80"), "! its path is not UTF-8");
  EXPECT_EQ(parsed(std::string(32'768, 'a')), "! its path is longer than 32767 bytes");
}

TEST(EntryPath, IsQuotedSoThatATerminalStaysWhole) {
  EXPECT_EQ(quote_entry_name("a b/ü"), "\"a b/ü\"");
  EXPECT_EQ(quote_entry_name("\x1b[31m\xFF"), "\"\\x1b[31m\\xff\"");
  EXPECT_EQ(quote_entry_name(std::string(300, 'a')), "\"" + std::string(200, 'a') + "…\"");
}

}  // namespace
}  // namespace winnow
