// budget.xml: what it may say, what is refused where, and that changing a limit changes nothing else.
#include "manifest/budget_file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file_system.hpp"
#include "manifest_testing.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using testing::error_of;

std::string in_file(const std::string& body) {
  return "<budgets xmlns='urn:winnow:budget:v1'>\n" + body + "\n</budgets>";
}
std::string in_image(const std::string& body) { return in_file("<image name='shop'>\n" + body + "\n</image>"); }

const std::string kEverything = in_file(
    "<image name='shop*'>\n"
    "  <budget component='Wine-*' owner='component' kind='registry hive' language='en-*' measure='stored' limit='1.5 "
    "MB'\n"
    "          creep='4 KiB' creep-percent='0.25' severity='warning' optional='true' message='Ask first.'>\n"
    "    <waiver who='ada' why='because' bytes='10' expires='2026-12-31'/>\n"
    "  </budget>\n"
    "  <forbid component='Wine-mshtml' severity='error' message='No.'>\n"
    "    <waiver who='bob' why='once' expires='2024-02-29'/>\n"
    "  </forbid>\n"
    "</image>");

TEST(BudgetFile, SaysAllItCan) {
  const auto budget = parse_budget_file(kEverything, "b.xml");
  ASSERT_TRUE(budget) << error_of(budget);
  ASSERT_EQ(budget->images.size(), 1u);
  const ImageBudget& image = budget->images[0];
  EXPECT_EQ(image.name, "shop*");
  ASSERT_EQ(image.rules.size(), 1u);
  const BudgetRule& rule = image.rules[0];
  EXPECT_EQ(to_string(rule.place), "b.xml:3:4");
  EXPECT_EQ(to_string(rule.limit_place), "b.xml:3:102");
  EXPECT_EQ(to_string(rule.scope), "component Wine-*, owner component, kind registry hive, language en-*");
  EXPECT_EQ(rule.measure, BudgetMeasure::stored);
  EXPECT_EQ(rule.limit, 1'500'000u);
  EXPECT_EQ(rule.creep, 4096u);
  EXPECT_EQ(rule.creep_milli_percent, 250u);
  EXPECT_EQ(rule.severity, BudgetSeverity::warning);
  EXPECT_TRUE(rule.is_optional);
  EXPECT_EQ(rule.message, "Ask first.");
  ASSERT_EQ(rule.waivers.size(), 1u);
  EXPECT_EQ(rule.waivers[0].bytes, 10u);
  EXPECT_EQ(rule.waivers[0].expires, "2026-12-31");
  ASSERT_EQ(image.forbidden.size(), 1u);
  EXPECT_EQ(image.forbidden[0].component, "Wine-mshtml");
  EXPECT_EQ(image.forbidden[0].waivers.size(), 1u);
}

TEST(BudgetFile, ReportsEveryFaultWithItsPlace) {
  const auto budget = parse_budget_file(
      in_image("<budget limt='1'/>\n<budget limit='5 mb'/>\n<budget limit='1' measure='net'/>\n<budget>x</budget>\n"
               "<budget limit='1'><waiver who='' why='x' bytes='1' expires='2026-02-30'/></budget>\n"
               "<forbid/>\n<forbidden component='x'/>\n<budget creep-percent='1.2345'/>"),
      "b.xml");
  EXPECT_EQ(error_of(budget),
            "b.xml:3:9: cannot read attribute limt: <budget> has none of that name\n"
            "  note: did you mean limit?\n"
            "b.xml:3:2: cannot read <budget>: it has neither limit nor creep nor creep-percent\n"
            "b.xml:4:9: cannot read limit \"5 mb\": it is not a number of bytes like 1500000, 1.5 MB or 4 KiB\n"
            "b.xml:5:19: cannot read measure \"net\": it is not one of normalised, logical, allocated, stored\n"
            "b.xml:6:2: cannot read <budget>: it has neither limit nor creep nor creep-percent\n"
            "b.xml:6:2: cannot read <budget>: it holds text\n"
            "b.xml:7:27: cannot read <waiver>: its who is missing\n"
            "b.xml:7:52: cannot read expires \"2026-02-30\": it is not a day like 2026-12-31\n"
            "b.xml:8:2: cannot read <forbid>: its component is missing\n"
            "b.xml:9:2: cannot read <forbidden>: it has no place here\n"
            "  note: did you mean <forbid>?\n"
            "b.xml:10:9: cannot read creep-percent \"1.2345\": it is not a number of percent like 5 or 0.25");
}

TEST(BudgetFile, AFileWithoutImagesIsRefused) {
  EXPECT_EQ(error_of(parse_budget_file("<budgets xmlns='urn:winnow:budget:v1'/>", "b.xml")),
            "b.xml:1:2: cannot read <budgets>: it has no <image>");
  EXPECT_EQ(error_of(parse_budget_file("<app xmlns='urn:winnow:app:v1'/>", "b.xml")),
            "b.xml:1:2: cannot read budget: its root is not <budgets> of urn:winnow:budget:v1");
}

TEST(BudgetFile, ByteCounts) {
  EXPECT_EQ(parse_byte_count("0"), 0u);
  EXPECT_EQ(parse_byte_count("1500000"), 1'500'000u);
  EXPECT_EQ(parse_byte_count("1.5 MB"), 1'500'000u);
  EXPECT_EQ(parse_byte_count("1.5MiB"), 1'572'864u);
  EXPECT_EQ(parse_byte_count("2 GB"), 2'000'000'000u);
  for (const char* text : {"", " ", "1 ", "-1", "1.5", "1.5.1 MB", ".5 MB", "1 mb", "1,000", "1e3", "0.1234 kB", "1 XB",
                           "99999999999999999999", "9999999999 GB"}) {
    EXPECT_EQ(parse_byte_count(text), std::nullopt) << text;
  }
}

TEST(BudgetFile, Days) {
  EXPECT_TRUE(is_date("2024-02-29"));
  EXPECT_TRUE(is_date("2026-12-31"));
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-1-1", "26-01-01", "2026/01/01",
                           "2026-01-011", "tomorrow"}) {
    EXPECT_FALSE(is_date(text)) << text;
  }
}

TEST(BudgetFile, ReplacingLimitsKeepsAllElse) {
  const std::string text = "\xEF\xBB\xBF<!-- \xC3\xA4 limit='7' -->\n" +
                           in_image(
                               "<budget message='\xC3\xA4\xC3\xB6' limit = \"1 MB\" creep='1'/> <!-- why: limit -->\n"
                               "<budget limit='5'/>");
  const auto budget = parse_budget_file(text, "b.xml");
  ASSERT_TRUE(budget) << error_of(budget);
  const auto& rules = budget->images[0].rules;
  const auto changed = replace_limits(text, "b.xml", {{rules[1].limit_place, 77}, {rules[0].limit_place, 1234567}});
  ASSERT_TRUE(changed) << error_of(changed);
  EXPECT_EQ(*changed,
            "\xEF\xBB\xBF<!-- \xC3\xA4 limit='7' -->\n" +
                in_image("<budget message='\xC3\xA4\xC3\xB6' limit = \"1234567\" creep='1'/> <!-- why: limit -->\n"
                         "<budget limit='77'/>"));
  EXPECT_EQ(error_of(replace_limits(text, "b.xml", {{Place{"b.xml", 900, 1}, 1}})),
            "b.xml:900:1: cannot change budget: there is no limit");
}

class BudgetSchemaJudge : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("xmllint --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "xmllint is not here";
  }
  // Both the schema and the parser accept or refuse each of `texts`; xmllint runs once for all.
  void expect(const std::vector<std::string>& texts, bool accepted) {
    const fs::path log = folder_.path() / "log";
    std::string command = "cd '" + folder_.path().string() + "' && xmllint --noout --nonet --schema '" +
                          (fs::path(WINNOW_SOURCE_DIR) / "manifests/budget.xsd").string() + "'";
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string name = "b" + std::to_string(i) + ".xml";
      ASSERT_TRUE(write_file(folder_.path() / name, as_bytes(texts[i])));
      command += " " + name;
      const auto budget = parse_budget_file(texts[i], name);
      EXPECT_EQ(budget.has_value(), accepted) << texts[i] << error_of(budget);
    }
    [[maybe_unused]] const int done = std::system((command + " 2>'" + log.string() + "'").c_str());
    const auto said = read_file(log, 1 << 20);
    ASSERT_TRUE(said) << error_of(said);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string line = "b" + std::to_string(i) + (accepted ? ".xml validates\n" : ".xml fails to validate\n");
      EXPECT_NE(as_text(*said).find(line), std::string_view::npos) << texts[i] << as_text(*said);
    }
  }
  TemporaryDirectory folder_ = TemporaryDirectory::create("winnow-budget").value();
};

TEST_F(BudgetSchemaJudge, AcceptsWhatTheParserAccepts) { expect({kEverything, in_image("<budget limit='1'/>")}, true); }

TEST_F(BudgetSchemaJudge, RefusesWhatTheParserRefuses) {
  std::vector<std::string> texts;
  for (const char* body :
       {"<budget limit='1' limt='2'/>", "<budget limit='1 XB'/>", "<budget limit='1' measure='net'/>",
        "<budget limit='1' owner='me'/>", "<budget limit='1' optional='yes'/>", "<budget limit='1' severity='info'/>",
        "<budget limit='1'><waiver who='a' why='b' expires='2026-02-30' bytes='1'/></budget>",
        "<budget limit='1'><waiver who='a' why='b' expires='2026-02-01'/></budget>", "<forbid/>", "<budgets/>",
        "<budget creep-percent='-1'/>", "<budget limit='1'>text</budget>"}) {
    texts.push_back(in_image(body));
  }
  expect(texts, false);
}

TEST_F(BudgetSchemaJudge, AcceptsTheExampleOfTheManual) {
  const auto manual = read_file(fs::path(WINNOW_SOURCE_DIR) / "manifests/budget.md", kMaxBudgetFile);
  ASSERT_TRUE(manual) << error_of(manual);
  const std::string text(as_text(*manual));
  const std::string fence = "```xml\n";
  const std::size_t start = text.find(fence) + fence.size();
  expect({text.substr(start, text.find("```", start) - start)}, true);
}

}  // namespace
}  // namespace winnow
