// What a page embeds: every byte once, nothing that could end its element.
#include "size_analyzer/html_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "size_analyzer/page_data.hpp"
#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using testing::FactsBuilder;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr ByteCount kPageLimit = 64'000'000;

ByteCount column_sum(const Json& page, const char* column) {
  ByteCount sum = 0;
  for (const Json& value : page.at("items").at(column)) sum += value.get<ByteCount>();
  return sum;
}

std::vector<std::string> column_texts(const Json& page, const char* column) { return page.at("items").at(column); }

TEST(PageData, ItemsAddUpToTheImageInEachMeasure) {
  FileFacts program;
  program.path = "app/node.exe";
  program.kind = ByteKind::executable;
  program.sizes = {1000, 4096, 600};
  program.parts = {{ByteKind::debug_section, kNobody, ".debug", {300, 0, 100}},
                   {ByteKind::slack, kNobody, "", {0, 3096, 1}}};
  const ImageFacts facts = FactsBuilder()
                               .app("node")
                               .component("base", "Wine-a.dll")
                               .file_facts(program, "node")
                               .file("Windows/System32/a.dll", "Wine-a.dll", {500, 4096, 200}, ByteKind::library)
                               .overhead(ByteKind::file_table, "tar headers", {0, 512, 40})
                               .build();
  const Json page = size_page_data(facts, std::nullopt);
  EXPECT_EQ(column_sum(page, "logical"), facts.total.logical);
  EXPECT_EQ(column_sum(page, "allocated"), facts.total.allocated);
  EXPECT_EQ(column_sum(page, "stored"), facts.total.stored);
  EXPECT_THAT(column_texts(page, "name"), ElementsAre("a.dll", "node.exe", "node.exe", "node.exe", "tar headers"));
  EXPECT_THAT(page.at("items").at("stored").get<std::vector<ByteCount>>(), ElementsAre(200, 499, 100, 1, 40));
  EXPECT_THAT(page.at("parts").get<std::vector<std::string>>(), ElementsAre("", ".debug", "slack"));
  EXPECT_TRUE(page.at("baseline").is_null());
}

TEST(PageData, ABaselinesFileIsTheSameItemThoughItsPathIsSpelledInAnotherCase) {
  const auto build = [](const std::string& path, ByteCount stored) {
    return FactsBuilder().component("base", "Kernel").file(path, "Kernel", {stored, stored, stored}).build();
  };
  const Json page = size_page_data(build("Windows/a.dll", 10), build("WINDOWS/A.DLL", 7));
  EXPECT_THAT(column_texts(page, "name"), ElementsAre("a.dll"));
  EXPECT_EQ(column_sum(page, "stored"), 10u);
  EXPECT_EQ(column_sum(page, "old_stored"), 7u);
}

TEST(PageData, AFileWhoseOwnerChangedIsGoneFromOneAndNewInTheOther) {
  const auto build = [](const std::string& owner) {
    return FactsBuilder().component("base", "A").component("base", "B").file("x", owner, {5, 5, 5}).build();
  };
  const Json page = size_page_data(build("A"), build("B"));
  EXPECT_THAT(page.at("items").at("stored").get<std::vector<ByteCount>>(), ElementsAre(5, 0));
  EXPECT_THAT(page.at("items").at("old_stored").get<std::vector<ByteCount>>(), ElementsAre(0, 5));
}

TEST(PageData, AComponentOfAnotherVersionIsTheSameOwner) {
  const auto build = [](const std::string& version) {
    return FactsBuilder().component("base", "A", version).file("x", "A", {5, 5, 5}).build();
  };
  const Json owners = size_page_data(build("2.0"), build("1.0")).at("owners");
  ASSERT_EQ(owners.size(), 2u);
  EXPECT_EQ(owners.at(1).at("version"), "2.0");
  EXPECT_EQ(owners.at(1).at("old_version"), "1.0");
}

TEST(PageData, APathOfManyFoldersKeepsItsRestAsOneName) {
  std::string path;
  for (int i = 0; i < 100; ++i) path += "d/";
  const ImageFacts facts = FactsBuilder().file(path + "end", "", {1, 1, 1}).build();
  const Json page = size_page_data(facts, std::nullopt);
  EXPECT_EQ(page.at("directories").at("name").size(), 65u);  // the root, and 64
  EXPECT_THAT(column_texts(page, "name").front(), HasSubstr("d/d/d/d/end"));
}

TEST(PageData, NothingInItCanEndTheElement) {
  const std::string text = script_json({{"name", "</script><!--&\xE2\x80\xAE\xFF"}});
  EXPECT_EQ(text, "{\"name\":\"\\u003c/script\\u003e\\u003c!--\\u0026\xE2\x80\xAE\xEF\xBF\xBD\"}");
}

TEST(PageData, AHistoryHasItsPointsAndGaps) {
  HistoryPage history;
  history.title = "builds";
  history.measures = {Measure::stored};
  history.builds = {{"1", ""}, {"2", ""}};
  history.series = {{"a.tar", "image", {std::nullopt, Sizes{1, 2, 3}}}};
  history.marks = {{0, 1, true, "a.tar is new"}};
  EXPECT_EQ(history_page_data(history).dump(),
            R"({"page":"winnow-page-1","view":"history","title":"builds","source":"","measures":["stored"],)"
            R"("builds":[{"label":"1","date":""},{"label":"2","date":""}],)"
            R"("series":[{"name":"a.tar","group":"image","points":[null,[1,2,3]]}],)"
            R"("marks":[{"series":0,"build":1,"regression":true,"text":"a.tar is new"}]})");
}

class HtmlPageTest : public ::testing::Test {
 protected:
  std::string write(const ImageFacts& facts) {
    const auto path = folder_.path() / "report.html";
    const auto written = write_size_page(facts, std::nullopt, path);
    EXPECT_TRUE(written) << to_string(written.error());
    return std::string(as_text(*read_file(path, kPageLimit)));
  }
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-page-test");
};

TEST_F(HtmlPageTest, IsOneFileThatMayLoadNothing) {
  const std::string page = write(FactsBuilder().file("a", "", {1, 1, 1}).build());
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-")));
  EXPECT_THAT(page, Not(HasSubstr(" src=\"")));
  EXPECT_THAT(page, Not(HasSubstr("@@TITLE@@")));
  EXPECT_THAT(page, Not(HasSubstr("@@REPORT@@")));
  EXPECT_THAT(page, HasSubstr("Apache ECharts"));  // the notice that its licence asks to keep
}

TEST_F(HtmlPageTest, IsTheSameEveryTime) {
  const ImageFacts facts = FactsBuilder().app("x").file("a", "x", {1, 1, 1}).build();
  EXPECT_EQ(write(facts), write(facts));
}

TEST_F(HtmlPageTest, ItsTitleIsText) {
  FactsBuilder facts;
  facts.facts().name = "</title><b>&";
  EXPECT_THAT(write(facts.build()), HasSubstr("<title>&lt;/title&gt;&lt;b&gt;&amp; - winnow size</title>"));
}

TEST_F(HtmlPageTest, ATargetThatCannotBeWrittenIsAnError) {
  const auto path = folder_.path() / "no such folder" / "report.html";
  const auto written = write_size_page(FactsBuilder().build(), std::nullopt, path);
  ASSERT_FALSE(written);
  EXPECT_EQ(to_string(written.error()), "cannot write " + path.string() + ": no such file or directory");
}

}  // namespace
}  // namespace winnow
