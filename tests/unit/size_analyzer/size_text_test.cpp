// The report as text and JSON, letter by letter, and the arithmetic of shares.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "size_analyzer/feed_baseline.hpp"
#include "size_analyzer/size_report.hpp"
#include "size_analyzer/content_groups.hpp"
#include "size_analyzer/size_tree.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;

SizeReport sample() {
  SizeReport report;
  report.image = "shop.tar";
  report.tag = "shop:1";
  report.os_version = "10.0.20348.1";
  report.owners = OwnerSource::provenance;
  report.feeds = {"open 8.0"};
  const SizeRow file{SizeKind::file, "Windows/a.dll", 2'000'000, 999'950, 1, {}};
  const SizeRow component{SizeKind::component, "Wine-a.dll", 2'000'000, 999'950, 1, {file}};
  const SizeRow packages{SizeKind::packages, "packages", 2'000'000, 999'950, 1, {component}};
  const SizeRow metadata{SizeKind::metadata, "image metadata", 0, 512, 0, {}};
  report.root = {SizeKind::image, "shop.tar", 2'000'000, 1'000'462, 1, {packages, metadata}};
  report.comparison = SizeComparison{"open feed 8.0: an open-source userland, 694 PE files, 158.5 MB",
                                     {{"PE files", false, 27, 694},
                                      {"PE bytes", true, 2'000'000, 158'500'000},
                                      {"NLS tables", false, 0, 0},
                                      {"all files", false, 3, 2}},
                                     2,
                                     10'000};
  return report;
}

TEST(PrintSizeReport, AlignsColumnsAndNamesTheBaseline) {
  EXPECT_EQ(print_size_report(sample()),
            R"(shop.tar: shop:1, Windows 10.0.20348.1
owners from the image's own provenance.json; made from feed open 8.0

      stored           bytes       logical           bytes   files
      1.0 MB       1,000,462        2.0 MB       2,000,000       1  shop.tar
      1.0 MB         999,950        2.0 MB       2,000,000       1    packages
      1.0 MB         999,950        2.0 MB       2,000,000       1      Wine-a.dll
   512 bytes             512       0 bytes               0       0    image metadata

against open feed 8.0: an open-source userland, 694 PE files, 158.5 MB
  PE files    27 of 694: 3.9 %, 96.1 % fewer
  PE bytes    2.0 MB of 158.5 MB: 1.3 %, 98.7 % less
  NLS tables  0 of 0
  all files   3 of 2: 150.0 %
  in no percentage: 2 files, 10.0 kB (10,000 bytes), the app's and what else the baseline does not have
)");
}

TEST(PrintSizeReport, ShowsFilesWhenAsked) {
  EXPECT_THAT(print_size_report(sample(), {.files = true}), ::testing::HasSubstr("        Windows/a.dll\n"));
}

TEST(SizeReportJson, HasTheSameNumbers) {
  const Json json = to_json(sample());
  EXPECT_EQ(json["schema"], "winnow-size-1");
  EXPECT_EQ(json["owners"], "provenance");
  EXPECT_EQ(json["size"]["children"][0]["children"][0]["children"][0].dump(),
            R"({"kind":"file","name":"Windows/a.dll","logical":2000000,"stored":999950,"files":1})");
  EXPECT_EQ(json["comparison"]["measures"][2].dump(), R"({"name":"NLS tables","unit":"count","image":0,"baseline":0})");
  EXPECT_EQ(json["comparison"]["measures"][3]["percent"], 150.0);
}

TEST(HumanSize, RoundsWithinItsUnit) {
  EXPECT_EQ(human_size(0), "0 bytes");
  EXPECT_EQ(human_size(999), "999 bytes");
  EXPECT_EQ(human_size(1000), "1.0 kB");
  EXPECT_EQ(human_size(999'949), "999.9 kB");
  EXPECT_EQ(human_size(999'950), "1.0 MB");
  EXPECT_EQ(human_size(158'456'789), "158.5 MB");
  EXPECT_EQ(human_size(~ByteCount{0}), "18446744.1 TB");
  EXPECT_EQ(grouped_digits(0), "0");
  EXPECT_EQ(grouped_digits(999), "999");
  EXPECT_EQ(grouped_digits(1000), "1,000");
  EXPECT_EQ(grouped_digits(1234567), "1,234,567");
}

TEST(Split, AddsUpToTheByte) {
  EXPECT_THAT(split(10, {1, 1, 1}), ElementsAre(4, 3, 3));
  EXPECT_THAT(split(10, {0, 0}), ElementsAre(0, 10));
  EXPECT_THAT(split(0, {5, 5}), ElementsAre(0, 0));
  EXPECT_THAT(split(7, {}), ElementsAre());
  EXPECT_THAT(split(100, {60, 20, 20}), ElementsAre(60, 20, 20));
  EXPECT_THAT(split(2, {1, 999}), ElementsAre(0, 2));
}

TEST(Classify, GoesByExtension) {
  EXPECT_EQ(classify("Windows\\System32\\KERNEL32.DLL"), FileClass::module);
  EXPECT_EQ(classify("a/b/c.msstyles"), FileClass::module);
  EXPECT_EQ(classify("c_1252.nls"), FileClass::table);
  EXPECT_EQ(classify("readme"), FileClass::other);
  EXPECT_EQ(classify("x.dll.txt"), FileClass::other);
}

}  // namespace
}  // namespace winnow
