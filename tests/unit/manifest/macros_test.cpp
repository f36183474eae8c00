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

TEST(Macros, OfTextsAreAbsoluteAndKnowStringsAndDependencies) {
  ComponentManifest manifest;
  manifest.strings = {{"de-DE", {{"only", "nur"}}}, {"en-US", {{"title", "Title"}, {"only", "only"}}}};
  manifest.dependencies.push_back({testing::identity_of("Tools"), DependencyType::install, false, 0, "TOOLS"});
  const auto text = [&](std::string_view what, SystemView view = SystemView::native) {
    const auto expanded = expand_text(what, {manifest, view, {"fr-FR", "de-de"}});
    return expanded ? *expanded : testing::error_of(expanded);
  };
  EXPECT_EQ(text("\"$(runtime.system32)\\a.dll\""), "\"C:\\Windows\\System32\\a.dll\"");
  EXPECT_EQ(text("$(runtime.system32)", SystemView::x86), "C:\\Windows\\SysWOW64");
  EXPECT_EQ(text("$(runtime.programFiles)", SystemView::arm), "C:\\Program Files (Arm)");
  EXPECT_EQ(text("$(runtime.bootDrive)\\x"), "C:\\x");
  EXPECT_EQ(text("$(string.only) $(ResourceString.title)"), "nur Title");
  EXPECT_EQ(text("$(dependentAssembly.tools.path)\\t.exe"),
            "C:\\Windows\\WinSxS\\" + key_form(manifest.dependencies[0].identity) + "\\t.exe");
  EXPECT_EQ(text("$$(assembly.empty)(Registry:x) $5 $(build.PackageMoniker)"),
            "$(Registry:x) $5 $(build.PackageMoniker)");
  EXPECT_EQ(text("$(string.none)"), "cannot expand \"$(string.none)\": <localization> has no string \"none\"");
  EXPECT_EQ(text("$(build.nttree)"), "cannot expand \"$(build.nttree)\": the macro $(build.nttree) is unknown");
}

TEST(Macros, OfKeysNameTheirRoots) {
  const ComponentManifest manifest;
  const auto key = [&](std::string_view what) {
    const auto expanded = expand_key_name(what, {manifest});
    return expanded ? *expanded : testing::error_of(expanded);
  };
  EXPECT_EQ(key("$(hklm.services)\\a"), "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\a");
  EXPECT_EQ(key("$(HKCR.root)"), "HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes");
  EXPECT_EQ(key("$(hklm.servces)"),
            "cannot expand \"$(hklm.servces)\": the macro $(hklm.servces) is unknown\n"
            "  note: did you mean \"$(hklm.services)\"?");
}

TEST(Macros, TheViewDependsOnBothArchitectures) {
  EXPECT_EQ(system_view("x86", "amd64"), SystemView::x86);
  EXPECT_EQ(system_view("wow64", "arm64"), SystemView::x86);
  EXPECT_EQ(system_view("arm64.arm", "arm64"), SystemView::arm);
  EXPECT_EQ(system_view("x86", "x86"), SystemView::native);
  EXPECT_EQ(system_view("msil", "amd64"), SystemView::native);
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
