// The report as text, JSON, CSV and Markdown, letter by letter, and the arithmetic of shares.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "size_analyzer/content_groups.hpp"
#include "size_analyzer/feed_baseline.hpp"
#include "size_analyzer/size_report.hpp"
#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using testing::FactsBuilder;

ImageFacts sample() {
  FactsBuilder builder;
  builder.component("base", "Wine-a.dll").component("base", "Wine-b.dll").app("shop");
  FileFacts library;
  library.path = "Windows/System32/a.dll";
  library.kind = ByteKind::library;
  library.language = "en-US";
  library.architecture = "amd64";
  library.sizes = {2'000'000, 2'002'944, 999'950};
  library.parts = {{ByteKind::debug_section, kNobody, ".debug_info", {500'000, 500'000, 400'000}}};
  builder.file_facts(library, "Wine-a.dll");
  FileFacts linked;
  linked.path = "Windows/System32/one.txt";
  linked.content = 0;
  linked.sizes = {50, 0, 30};
  builder.file_facts(linked, "Wine-a.dll");
  linked.path = "Windows/System32/two.txt";
  linked.sizes = {50, 0, 29};
  builder.file_facts(linked, "Wine-b.dll");
  builder.file("app/shop.exe", "shop", {7000, 8192, 3000}, ByteKind::executable);
  builder.file("stray\x1b.txt", "", {5, 0, 512});
  builder.overhead(ByteKind::container_format, "index.json", {0, 0, 300});
  builder.count("files", 4).count("services automatic", 2);
  builder.facts().tag = "shop:1";
  builder.facts().os_version = "10.0.20348.1";
  builder.facts().feeds = {{"open", "8.0", ""}};
  builder.facts().component_store = {{"Explorer size", 5000}, {"actual size", 4000}};
  builder.facts().services = {{"Dnscache", "automatic", false, false, "", 0}};
  return builder.build();
}

SizeReport report_of(SizeAxis axis, ImageFacts facts = sample()) {
  auto report = make_size_report("out/shop.tar", std::move(facts), {axis, Measure::stored});
  if (!report) throw std::runtime_error(to_string(report.error()));
  return std::move(*report);
}

TEST(PrintSizeReport, SaysWhoseBytesAndHowTheyWereMeasured) {
  EXPECT_EQ(print_size_report(report_of(SizeAxis::package)),
            R"(out/shop.tar: container image, shop:1, Windows 10.0.20348.1
owners from the image's own provenance.json (4 files); nobody (1 files)
allocated: computed for NTFS with clusters of 4,096 bytes
made from feed open 8.0

    stored  allocated    logical     stored bytes     shared    files
    1.0 MB     2.0 MB     2.0 MB        1,003,821   59 bytes        5  test.tar
    1.0 MB     2.0 MB     2.0 MB        1,000,009   59 bytes        3    packages
    1.0 MB     2.0 MB     2.0 MB        1,000,009   59 bytes        3      base
    1.0 MB     2.0 MB     2.0 MB          999,980   30 bytes        2        Wine-a.dll
  29 bytes    0 bytes   50 bytes               29   29 bytes        1        Wine-b.dll
    3.0 kB     8.2 kB     7.0 kB            3,000    0 bytes        1    application
    3.0 kB     8.2 kB     7.0 kB            3,000    0 bytes        1      shop
    3.0 kB     8.2 kB     7.0 kB            3,000    0 bytes        1        app
 512 bytes    0 bytes    5 bytes              512    0 bytes        1    unclaimed
 512 bytes    0 bytes    5 bytes              512    0 bytes        1      .
 512 bytes    0 bytes    5 bytes              512    0 bytes        1        stray?.txt
 300 bytes    0 bytes    0 bytes              300    0 bytes        0    image metadata
 300 bytes    0 bytes    0 bytes              300    0 bytes        0      container format
 300 bytes    0 bytes    0 bytes              300    0 bytes        0        index.json

component store (what DISM's AnalyzeComponentStore would say)
  Explorer size  5.0 kB (5,000 bytes)
  actual size    4.0 kB (4,000 bytes)

counts
  files               4
  services automatic  2
)");
}

TEST(PrintSizeReport, FitsATerminal) {
  ImageFacts facts = sample();
  facts.owners[1].name = "shop with a name that no terminal of eighty columns has room for, whatever it does";
  const std::string text = print_size_report(report_of(SizeAxis::package, facts), {.depth = 9, .top = 2, .width = 80});
  const std::size_t table = text.find("    stored");
  EXPECT_EQ(text.substr(table, text.find("\n\n", table) - table),
            R"(    stored  allocated    logical     shared  files
    1.0 MB     2.0 MB     2.0 MB   59 bytes      5  test.tar
    1.0 MB     2.0 MB     2.0 MB   59 bytes      3    packages
    1.0 MB     2.0 MB     2.0 MB   59 bytes      3      base
    1.0 MB     2.0 MB     2.0 MB   30 bytes      2        shop with a name that…
    1.0 MB     2.0 MB     2.0 MB   30 bytes      2          Windows/System32
    1.0 MB     2.0 MB     2.0 MB    0 bytes      1            a.dll
  30 bytes    0 bytes   50 bytes   30 bytes      1            one.txt
  29 bytes    0 bytes   50 bytes   29 bytes      1        Wine-b.dll
  29 bytes    0 bytes   50 bytes   29 bytes      1          Windows/System32
  29 bytes    0 bytes   50 bytes   29 bytes      1            two.txt
    3.0 kB     8.2 kB     7.0 kB    0 bytes      1    application
    3.0 kB     8.2 kB     7.0 kB    0 bytes      1      shop
    3.0 kB     8.2 kB     7.0 kB    0 bytes      1        app
    3.0 kB     8.2 kB     7.0 kB    0 bytes      1          shop.exe
 812 bytes    0 bytes    5 bytes    0 bytes      1    and 2 more)");
}

TEST(PrintSizeReport, PutsDebugSectionsUnderTheirOwnKind) {
  const SizeReport report = report_of(SizeAxis::kind);
  std::vector<std::string> rows;
  for (const SizeRow& row : report.root.children) {
    rows.push_back(row.name + " " + std::to_string(row.sizes.stored) + " " + std::to_string(row.files));
  }
  EXPECT_THAT(rows, ElementsAre("library 599950 1", "debug section 400000 0", "executable 3000 1", "data 571 3",
                                "container format 300 0"));
}

TEST(SizeTree, EveryAxisAddsUp) {
  for (std::size_t i = 0; i < kSizeAxisCount; ++i) {
    const SizeReport report = report_of(static_cast<SizeAxis>(i));
    EXPECT_TRUE(check_sums(report.root)) << to_string(static_cast<SizeAxis>(i));
    EXPECT_EQ(report.root.sizes, report.facts.total);
    EXPECT_EQ(report.root.files, 5u);
    EXPECT_EQ(report.root.shared, 59u);
  }
}

TEST(CheckSums, NamesTheRowThatDoesNotAddUp) {
  SizeRow row{RowKind::image,
              "all",
              {10, 10, 5},
              0,
              2,
              {{RowKind::file, "a", {6, 6, 5}, 0, 1, {}}, {RowKind::file, "b", {4, 4, 0}, 0, 1, {}}}};
  EXPECT_TRUE(check_sums(row));
  const auto error_of = [](const SizeRow& bad) { return check_sums(bad).error().faults().front().message; };
  row.sizes.allocated = 11;
  EXPECT_EQ(error_of(row), "row all has 11 allocated bytes, its children have 10");
  row.sizes.allocated = 10;
  row.sizes.stored = 4;
  EXPECT_EQ(error_of({RowKind::image, "root", {10, 10, 4}, 0, 2, {row}}),
            "row all has 4 stored bytes, its children have 5");
  row.sizes.stored = 5;
  row.files = 3;
  EXPECT_EQ(error_of(row), "row all has 3 files, its children have 2");
}

TEST(CompareSizes, AgainstAnImageAppsAreLeftOut) {
  FactsBuilder builder;
  builder.component("base", "Wine-a.dll").component("base", "Wine-z.dll");
  builder.file("windows/system32/A.DLL", "Wine-a.dll", {4'000'000, 0, 1}, ByteKind::library);
  builder.file("Windows/System32/z.dll", "Wine-z.dll", {1'000'000, 0, 1}, ByteKind::library);
  builder.count("services automatic", 8).count("registry keys", 9);
  builder.facts().services = {{"dnscache", "automatic", false, false, "", 0},
                              {"w32time", "manual", false, false, "", 0}};
  SizeReport report = report_of(SizeAxis::package);
  report.comparison = compare_sizes(report.facts, builder.build(), "full.json");
  const std::string text = print_size_report(report);
  EXPECT_EQ(text.substr(text.find("\nagainst")), R"(
against container image full.json: 2 PE files, 5.0 MB
  PE files                      1 of 2: 50.0 %, 50.0 % fewer
  PE bytes                      2.0 MB of 5.0 MB: 40.0 %, 60.0 % less
  NLS tables                    0 of 0
  NLS bytes                     0 bytes of 0 bytes
  all files                     4 of 2: 200.0 %
  all bytes                     2.0 MB of 5.0 MB: 40.0 %, 60.0 % less
  components                    2 of 2: 100.0 %, 0.0 % fewer
  services automatic            2 of 8: 25.0 %, 75.0 % fewer
  image on disk, apps included  1.0 MB of 2 bytes: 50191050.0 %
  files                         3 only here, 1 in both, 1 only there
  components                    1 only here, 1 in both, 1 only there
  services                      0 only here, 1 in both, 1 only there
  in no percentage: 1 files, 7.0 kB (7,000 bytes), the app's and what else the baseline does not have
)");
}

TEST(SizeReportJson, HasTheSameNumbers) {
  const Json json = to_json(report_of(SizeAxis::package));
  EXPECT_EQ(json["schema"], "winnow-size-2");
  EXPECT_EQ(json["componentStore"]["actual size"], 4000);
  EXPECT_EQ(json["counts"]["services automatic"], 2);
  EXPECT_EQ(json["size"]["stored"], 1'003'821);
  EXPECT_EQ(json["size"]["shared"], 59);
  EXPECT_EQ(json["size"]["children"][0]["children"][0]["children"][1]["children"][0]["children"][0].dump(),
            R"({"kind":"file","name":"two.txt","logical":50,"allocated":0,"stored":29,"shared":29,"files":1})");
}

TEST(SizeTables, CsvHasOneRowForEach) {
  EXPECT_EQ(print_size_csv(report_of(SizeAxis::language), {.depth = 1}),
            "depth,kind,path,logical,allocated,stored,shared,files\r\n"
            "0,image,test.tar,2007105,2011136,1003821,59,5\r\n"
            "1,group,test.tar > en-US,2000000,2002944,999950,0,1\r\n"
            "1,group,test.tar > neutral,7105,8192,3571,59,4\r\n"
            "1,group,test.tar > image metadata,0,0,300,0,0\r\n");
}

TEST(SizeTables, MarkdownIsATable) {
  EXPECT_EQ(
      print_size_markdown(report_of(SizeAxis::architecture), {.depth = 1}),
      "### `test.tar`: 1.0 MB stored, 2.0 MB logical\n\n"
      "owners from the image's own provenance.json (4 files); nobody (1 files); allocated: computed for NTFS with "
      "clusters of 4,096 bytes.\n\n"
      "| stored | allocated | logical | files | |\n|--:|--:|--:|--:|:--|\n"
      "| 1.0 MB | 2.0 MB | 2.0 MB | 5 | `test.tar` |\n"
      "| 1.0 MB | 2.0 MB | 2.0 MB | 1 | &emsp;`amd64` |\n"
      "| 3.6 kB | 8.2 kB | 7.1 kB | 4 | &emsp;`none` |\n"
      "| 300 bytes | 0 bytes | 0 bytes | 0 | &emsp;`image metadata` |\n");
}

TEST(HumanSize, RoundsWithinItsUnit) {
  EXPECT_EQ(human_size(0), "0 bytes");
  EXPECT_EQ(human_size(999), "999 bytes");
  EXPECT_EQ(human_size(1000), "1.0 kB");
  EXPECT_EQ(human_size(999'949), "999.9 kB");
  EXPECT_EQ(human_size(999'950), "1.0 MB");
  EXPECT_EQ(human_size(158'456'789), "158.5 MB");
  EXPECT_EQ(human_size(~ByteCount{0}), "18446744.1 TB");
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
