#include "manifest/macros.hpp"

#include <gtest/gtest.h>

#include "manifest_testing.hpp"

namespace winnow {
namespace {

std::string expand(std::string_view destination, std::string_view architecture = "amd64") {
  const auto path = expand_destination(destination, architecture);
  return path ? path->text() : testing::error_of(path);
}

TEST(Macros, ExpandToFoldersOfTheImage) {
  EXPECT_EQ(expand("$(runtime.system32)\\drivers\\etc"), "Windows\\System32\\drivers\\etc");
  EXPECT_EQ(expand("$(Runtime.SYSTEM32)"), "Windows\\System32");
  EXPECT_EQ(expand("$(runtime.bootDrive)\\app"), "app");
  EXPECT_EQ(expand("$(runtime.programFiles)"), "Program Files");
  EXPECT_EQ(expand("C:\\app\\"), "app");
  EXPECT_EQ(expand(""), "");
}

TEST(Macros, SendThirtyTwoBitComponentsToTheirFolders) {
  EXPECT_EQ(expand("$(runtime.system32)\\x", "x86"), "Windows\\SysWOW64\\x");
  EXPECT_EQ(expand("$(runtime.wbem)", "wow64"), "Windows\\SysWOW64\\wbem");
  EXPECT_EQ(expand("$(runtime.programFiles)", "x86"), "Program Files (x86)");
  EXPECT_EQ(expand("$(runtime.windows)", "x86"), "Windows");
  EXPECT_EQ(expand("$(runtime.system32)", "arm64"), "Windows\\System32");
}

TEST(Macros, RefuseWhatTheyDoNotKnow) {
  EXPECT_EQ(expand("$(runtime.sytem32)\\x"),
            "cannot expand destination \"$(runtime.sytem32)\\x\": the macro $(runtime.sytem32) is unknown\n"
            "  note: did you mean \"$(runtime.system32)\"?");
  EXPECT_EQ(expand("$(system32)"), "cannot expand destination \"$(system32)\": the macro $(system32) is unknown");
  EXPECT_EQ(expand("$()"), "cannot expand destination \"$()\": the macro $() is unknown");
  EXPECT_EQ(expand("$(runtime.windows"),
            "cannot expand destination \"$(runtime.windows\": a macro is not closed by ')'");
  EXPECT_EQ(expand("$(runtime.windows)\\..\\..\\x"),
            "cannot use path \"Windows\\..\\..\\x\": \"..\" would leave its place");
}

}  // namespace
}  // namespace winnow
