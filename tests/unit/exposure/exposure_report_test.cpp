// Counting: what touches an image, what may, and what it makes against a baseline.
#include "size_analyzer/exposure/exposure_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "size_analyzer/exposure/exposed_rows.hpp"
#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kMap = R"xml(<tag-map xmlns="urn:winnow:exposure:v1" version="7">
  <product build="14393" name="Server"/>
  <alias file="ntkrnlmp.exe" is="ntoskrnl.exe"/>
  <tag name="Print*"><file name="spoolsv.exe"/><service name="spooler"/></tag>
  <tag name="Browser"><file name="ie*.dll"/></tag>
</tag-map>)xml";

TagMap tag_map() {
  auto map = TagMap::parse(kMap, "map.xml");
  EXPECT_TRUE(map) << to_string(map.error());
  return *std::move(map);
}

ExposedSubject image_with(const std::vector<std::string>& files, const std::vector<std::string>& components = {}) {
  FactsBuilder builder;
  builder.component("base", "Microsoft-Windows-Base").app("shop");
  for (const std::string& component : components) builder.component("base", component);
  for (const std::string& file : files) builder.file("Windows/System32/" + file, "Microsoft-Windows-Base", {1, 1, 1});
  builder.file("app/quartz.dll", "shop", {1, 1, 1});
  ImageFacts facts = builder.build();
  facts.format = "dynamic VHD";
  facts.os_version = "10.0.14393.1";
  return ExposedSubject::image(facts);
}

Match match(const ExposedSubject& subject, const VulnerabilityEvidence& evidence) {
  return subject.match(evidence, tag_map());
}

TEST(ExposedSubject, ConcludesFromTheSurestEvidence) {
  const ExposedSubject image = image_with({"NtosKrnl.exe", "spoolsv.exe"}, {"Microsoft-Windows-Hyper-V-Host"});
  EXPECT_EQ(match(image, {{"ntkrnlmp.exe"}, {}, {}, {"Browser"}}),
            (Match{Touch::yes, MatchBasis::file, "file ntkrnlmp.exe, listed as affected"}));
  EXPECT_EQ(match(image, {{}, {"http.sys"}, {}, {"Printing"}}),
            (Match{Touch::no, MatchBasis::file, "files http.sys: not there"}));
  EXPECT_EQ(match(image, {{}, {}, {"other.dll"}, {"Printing"}}),
            (Match{Touch::yes, MatchBasis::tag_map, "\"Print*\" means file spoolsv.exe"}));
  EXPECT_EQ(match(image, {{}, {}, {}, {"Windows Hyper-V"}}),
            (Match{Touch::yes, MatchBasis::component, "component microsoft-windows-hyper-v-host"}));
  EXPECT_EQ(match(image, {{}, {}, {}, {"browser"}}),
            (Match{Touch::no, MatchBasis::tag_map, "\"Browser\" means ie*.dll: not there"}));
  EXPECT_EQ(match(image, {{}, {}, {}, {"Quantum Service"}}),
            (Match{Touch::unknown, MatchBasis::product, "no meaning known of \"Quantum Service\""}));
  EXPECT_EQ(match(ExposedSubject::product("Server"), {}), (Match{Touch::yes, MatchBasis::whole, "all of the product"}));
}

TEST(ExposedSubject, AnAppsFilesAreNoPartOfWindows) {
  EXPECT_EQ(match(image_with({}), {{}, {"quartz.dll"}, {}, {}}).touch, Touch::no);
}

struct VulnerabilitySketch {
  std::string id, tag;
  Severity severity;
  std::string update;
  Restart restart;
  std::string day = "2016-04-12";
  std::vector<std::string> files = {};
};

SecurityDocument document(const std::string& month, const std::vector<VulnerabilitySketch>& sketches) {
  SecurityDocument result;
  result.file = result.id = month;
  result.month = month;
  result.date = month + "-12";
  result.products = {{"1", "Server"}, {"2", "Server (Core)"}, {"3", "Player on Server"}, {"4", "Office"}};
  for (const VulnerabilitySketch& sketch : sketches) {
    Vulnerability v;
    v.id = sketch.id;
    v.tag = sketch.tag;
    v.title = sketch.id + " title";
    v.location = month + ".xml:1:1";
    v.date = sketch.day;
    v.affected = {{0, sketch.severity, "Spoofing"}};
    v.fixes = {{sketch.update, "Security Update", "", "", sketch.restart, {0}, sketch.files}};
    result.vulnerabilities.push_back(v);
  }
  return result;
}

SecurityDocuments april() {
  return {{document("2016-04", {{"CVE-1", "Printing", Severity::critical, "KB1", Restart::yes},
                                {"CVE-2", "Printing", Severity::important, "KB1", Restart::yes},
                                {"CVE-3", "Browser", Severity::critical, "KB2", Restart::maybe, "2016-04-13"},
                                {"CVE-4", "Quantum", Severity::critical, "KB3", Restart::no},
                                {"CVE-5", "Quantum", Severity::important, "KB4", Restart::yes, "2016-04-20"}})},
          {}};
}

ExposureReport measured(const SecurityDocuments& documents, ExposureRequest request) {
  auto report = measure_exposure(documents, tag_map(), request);
  EXPECT_TRUE(report) << to_string(report.error());
  return report ? *std::move(report) : ExposureReport{};
}

std::vector<std::string> lines_of(const ExposureReport& report) {
  std::vector<std::string> lines;
  for (const ExposureMeasure& m : report.measures) {
    lines.push_back(m.name + ": " + to_string(m.image) + " | " + to_string(m.baseline) + " | " +
                    to_string(percent_fewer(m)));
  }
  return lines;
}

TEST(ExposureReport, CountsWhatTouchesAndWhatMay) {
  const ExposureReport report =
      measured(april(), {image_with({"spoolsv.exe"}), ExposedSubject::product("product"), {}, {}, "", ""});
  EXPECT_THAT(
      lines_of(report),
      ElementsAre("critical bulletins: 1 to 2 | 3 | 33.3 to 66.7 %", "important bulletins: 0 to 1 | 1 | 0.0 to 100.0 %",
                  "bulletins: 1 to 3 | 4 | 25.0 to 75.0 %", "critical vulnerabilities: 1 to 2 | 3 | 33.3 to 66.7 %",
                  "important vulnerabilities: 1 to 2 | 2 | 0.0 to 50.0 %", "moderate vulnerabilities: 0 | 0 | -",
                  "low vulnerabilities: 0 | 0 | -", "vulnerabilities: 2 to 4 | 5 | 20.0 to 60.0 %",
                  "reboots, as serviced by Microsoft: 2 to 3 | 2 to 3 | 0.0 %",
                  "reboots, by components included: 1 to 2 | 2 to 3 | 0.0 to 66.7 %"));
  EXPECT_EQ(report.rows[0].bulletin, "2016-04 Printing KB1");
  EXPECT_EQ(report.rows[1].bulletin, "2016-04 Printing KB1");
  EXPECT_EQ(report.known_tags, 2U);
  EXPECT_EQ(report.tags, 3U);
}

TEST(ExposureReport, AContainerIsRebuiltForEveryFix) {
  ImageFacts facts = FactsBuilder().component("base", "c").file("Windows/spoolsv.exe", "c", {1, 1, 1}).build();
  facts.os_version = "10.0.14393.1";
  const ExposureReport report =
      measured(april(), {ExposedSubject::image(facts), ExposedSubject::product("product"), {}, {}, "", ""});
  EXPECT_EQ(report.restart_unit, "rebuilds");
  EXPECT_THAT(lines_of(report).back(), "rebuilds, by components included: 1 to 2 | 3 | 33.3 to 66.7 %");
}

TEST(ExposureReport, ProductsAreChosenByPattern) {
  EXPECT_TRUE(chooses({"Server"}, "Server"));
  EXPECT_TRUE(chooses({"server"}, "Player on Server"));
  EXPECT_FALSE(chooses({"Server"}, "Server (Core)"));
  EXPECT_TRUE(chooses({"Server*"}, "Server (Core)"));
  const auto misspelled =
      measure_exposure(april(), tag_map(), {image_with({}), ExposedSubject::product("p"), {"Servr"}, {}, "", ""});
  ASSERT_FALSE(misspelled);
  EXPECT_EQ(to_string(misspelled.error()),
            "cannot find the product \"Servr\": none of the 4 products of the documents fits\n"
            "  note: did you mean \"Server\"?");
  const auto unknown =
      measure_exposure(april(), tag_map(),
                       {ExposedSubject::image(FactsBuilder().build()), ExposedSubject::product("p"), {}, {}, "", ""});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(to_string(unknown.error()),
            "cannot choose the products of test.tar: its build \"\" is not in the tag map\n"
            "  note: name one: --product \"Windows Server 2016\"");
}

TEST(ExposureReport, APeriodWithoutDocumentsIsAnError) {
  const auto report =
      measure_exposure(april(), tag_map(), {image_with({}), ExposedSubject::product("p"), {}, {}, "2017-01", ""});
  ASSERT_FALSE(report);
  EXPECT_EQ(to_string(report.error()),
            "cannot find security documents of the period: those that were read are of 2016-04 to 2016-04");
}

// A list of files that stands beside several tags is the whole update's; it says nothing of one vulnerability.
TEST(ExposureReport, FileListsOfCumulativeUpdatesAreNoEvidence) {
  const std::vector<std::string> all = {"mshtml.dll", "ntoskrnl.exe"};
  SecurityDocuments documents{
      {document("2016-04", {{"CVE-1", "Browser", Severity::critical, "KB1", Restart::yes, "2016-04-12", all},
                            {"CVE-2", "Kernel", Severity::critical, "KB1", Restart::yes, "2016-04-12", all},
                            {"CVE-3", "Kernel", Severity::low, "KB2", Restart::yes, "2016-04-12", {"ntoskrnl.exe"}}})},
      {}};
  const ExposureReport report =
      measured(documents, {image_with({"ntoskrnl.exe"}), ExposedSubject::product("p"), {}, {}, "", ""});
  EXPECT_EQ(report.rows[0].image.match.touch, Touch::no);
  EXPECT_EQ(report.rows[0].image.match.basis, MatchBasis::tag_map);
  EXPECT_EQ(report.rows[1].image.match.touch, Touch::unknown);
  EXPECT_EQ(report.rows[2].image.match.basis, MatchBasis::file);
}

TEST(ExposureReport, BulletinIdsAreTheUnitWhenAllHaveOne) {
  SecurityDocuments documents = april();
  for (Vulnerability& v : documents.documents[0].vulnerabilities) v.bulletins = {"MS16-001"};
  const ExposureRequest request{image_with({}), ExposedSubject::product("p"), {}, {}, "", ""};
  const ExposureReport report = measured(documents, request);
  EXPECT_EQ(report.bulletin_unit, "a security bulletin, by the id that the documents name");
  EXPECT_EQ(lines_of(report)[2], "bulletins: 0 to 1 | 1 | 0.0 to 100.0 %");
  documents.documents[0].vulnerabilities[0].bulletins.clear();
  EXPECT_THAT(measured(documents, request).bulletin_unit, HasSubstr("name no bulletin ids"));
}

TEST(ExposureReport, AVulnerabilityInTwoDocumentsCountsOnce) {
  SecurityDocuments documents = april();
  documents.documents.push_back(document("2016-05", {{"CVE-1", "Printing", Severity::low, "KB9", Restart::no}}));
  const ExposureReport report = measured(documents, {image_with({}), ExposedSubject::product("p"), {}, {}, "", ""});
  EXPECT_EQ(report.rows.size(), 5U);
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_EQ(report.warnings[0].text, "a vulnerability is in several documents; it is counted in the first");
}

TEST(PercentFewer, IsOfTheBaselineAndNeverOfNothing) {
  EXPECT_EQ(to_string(percent_fewer({2, 2}, {23, 23})), "91.3 %");
  EXPECT_EQ(to_string(percent_fewer({9, 9}, {26, 26})), "65.4 %");
  EXPECT_EQ(to_string(percent_fewer({3, 3}, {11, 11})), "72.7 %");
  EXPECT_EQ(to_string(percent_fewer({3, 3}, {0, 0})), "-");
  EXPECT_EQ(to_string(percent_fewer({1, 5}, {23, 23})), "78.3 to 95.7 %");
}

TEST(TagMap, FaultsHaveTheirPlaces) {
  const auto map = TagMap::parse(R"xml(<tag-map xmlns="urn:winnow:exposure:v1" version="1">
  <tag name="A"/>
  <tag name="B"><folder name="x"/></tag>
  <alias file="a.dll"/>
</tag-map>)xml",
                                 "map.xml");
  ASSERT_FALSE(map);
  EXPECT_EQ(to_string(map.error()),
            "map.xml:2:4: cannot read <tag>: it means nothing\n"
            "map.xml:3:18: cannot read <folder>: a <tag> holds <file>, <component> and <service> only\n"
            "map.xml:3:4: cannot read <tag>: it means nothing\n"
            "map.xml:4:4: cannot read <alias>: it has no is");
}

TEST(TagMap, TheOneThatShipsIsWellFormed) {
  const auto map = TagMap::load(WINNOW_SOURCE_DIR "/packages/exposure/tag-map.xml");
  ASSERT_TRUE(map) << to_string(map.error());
  EXPECT_GE(map->meanings().size(), 60U);
  EXPECT_THAT(map->products_of("10.0.14393.5"), ElementsAre("Windows Server 2016"));
  EXPECT_THAT(map->products_of("10.0.20348"), ElementsAre("Windows Server 2022"));
  EXPECT_TRUE(map->products_of("10.0").empty());
  EXPECT_EQ(map->known_name("ntkrnlmp.exe"), "ntoskrnl.exe");
}

}  // namespace
}  // namespace winnow
