#include "feed/module_places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/windows_path.hpp"
#include "feed/copied_files.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kInf = R"([Pre]
WineFakeDlls=First
[Default]
WineFakeDlls=Some,Rest
CopyFiles=Tables,Sort,Etc
[First]
11,,zz.exe
[Some]
10,twain_64,x.ds
10,help,
11,,both.exe
16422,Both Of,Both.exe
11,,skip.exe,-
[Rest]
10,Help,
12,,*.sys
11,,*
[Tables]
t.nls
[Sort]
s.nls
[Etc]
hosts,"@%11%\ws2_32.dll,-1"
[DestinationDirs]
Tables=11
Sort=10,globalization\sorting
Etc=12,etc
)";

InfFile parsed(std::string_view text) { return InfFile::parse(text, "t.inf").value(); }

std::vector<std::string> places_of(const ModulePlaces& places, std::string_view module) {
  std::vector<std::string> all;
  for (const Destination& destination : places.destinations(module)) all.push_back(destination.macro_path);
  return all;
}

TEST(ModulePlaces, FollowsTheLines) {
  const auto places = ModulePlaces::from_inf(parsed(kInf), {"Pre", "Default"});
  ASSERT_TRUE(places) << to_string(places.error());
  EXPECT_THAT(places_of(*places, "X.ds"), ElementsAre("$(runtime.windows)\\twain_64"));
  EXPECT_THAT(places_of(*places, "both.exe"), ElementsAre("$(runtime.system32)", "$(runtime.programFiles)\\Both Of"));
  EXPECT_THAT(places_of(*places, "a.sys"), ElementsAre("$(runtime.drivers)"));
  EXPECT_THAT(places_of(*places, "a.dll"), ElementsAre("$(runtime.system32)"));
  EXPECT_THAT(places_of(*places, "skip.exe"), ElementsAre("$(runtime.system32)"));
  EXPECT_THAT(places->folders(), ElementsAre("$(runtime.windows)\\help"));
  EXPECT_EQ(places->destinations("both.exe")[1].text, "C:\\Program Files\\Both Of");
}

TEST(ModulePlaces, PutsModulesInRegistrationOrder) {
  const auto places = ModulePlaces::from_inf(parsed(kInf), {"Pre", "Default"});
  ASSERT_TRUE(places);
  EXPECT_THAT(places->in_registration_order({"b.dll", "both.exe", "x.ds", "a.dll", "zz.exe"}),
              ElementsAre("zz.exe", "x.ds", "both.exe", "a.dll", "b.dll"));
}

TEST(ModulePlaces, FallsBackToTheEnding) {
  const auto places = ModulePlaces::from_inf(parsed("[A]\n"), {"A"});
  ASSERT_TRUE(places);
  EXPECT_THAT(places_of(*places, "A.SYS"), ElementsAre("$(runtime.drivers)"));
  EXPECT_THAT(places_of(*places, "a.tlb"), ElementsAre("$(runtime.system32)"));
}

TEST(ModulePlaces, ReportsEveryBadLine) {
  const auto places = ModulePlaces::from_inf(parsed("[A]\nWineFakeDlls=B\n[B]\n77,,x\n11,..,x\n11x,,y\n"), {"A"});
  ASSERT_FALSE(places);
  EXPECT_EQ(to_string(places.error()),
            "t.inf:4: cannot use folder 77: its number is not known\n"
            "t.inf:5: cannot use path \"..\": " +
                WindowsPath::parse("..").error().faults().front().message.substr(22) +
                "\nt.inf:6: cannot use folder 11x: its number is not known");
}

TEST(CopiedFiles, SaysWhatGoesWhere) {
  const auto files = read_copied_files(parsed(kInf), {"Pre", "Default"});
  ASSERT_TRUE(files) << to_string(files.error());
  ASSERT_EQ(files->size(), 3u);
  EXPECT_EQ((*files)[0].destination.macro_path, "$(runtime.system32)");
  EXPECT_EQ((*files)[1].destination.macro_path, "$(runtime.windows)\\globalization\\sorting");
  EXPECT_EQ((*files)[2].destination.macro_path, "$(runtime.drivers)\\etc");
  EXPECT_EQ((*files)[2].section, "Etc");
  EXPECT_EQ((*files)[2].module, "ws2_32.dll");
  EXPECT_EQ((*files)[2].resource, "#1");
  EXPECT_EQ((*files)[1].module, "");
}

TEST(CopiedFiles, ReportsWhatItCannotPlace) {
  const auto files =
      read_copied_files(parsed("[A]\nCopyFiles=X,Y\n[X]\na\n[Y]\nb,\"file\"\n[DestinationDirs]\nY=11\n"), {"A"});
  ASSERT_FALSE(files);
  EXPECT_EQ(to_string(files.error()),
            "cannot copy files of [X]: [DestinationDirs] does not say where to\n"
            "t.inf:6: cannot copy b: \"file\" names no resource");
}

}  // namespace
}  // namespace winnow
