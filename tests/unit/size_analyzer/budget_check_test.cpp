// Images against budgets: what breaks, by how much, because of what.
#include "size_analyzer/budget_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "size_analyzer/budget_scope.hpp"
#include "size_analyzer/budget_update.hpp"
#include "size_analyzer/budget_views.hpp"
#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using testing::FactsBuilder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const BudgetDay kToday{"2026-11-22", "--today"};

// An app of `app_bytes` and two components; 1,000 bytes of them are a signature, 96 are slack.
FactsBuilder shop(ByteCount app_bytes, ByteCount a_bytes = 5000) {
  FactsBuilder image;
  image.facts().name = "shop.tar";
  image.facts().tag = "registry.example.org/shop:1";
  image.app("shop").component("base", "Wine-a.dll").component("base", "Wine-b.dll");
  image.file("app/shop.exe", "shop", {app_bytes, app_bytes, app_bytes / 2}, ByteKind::executable);
  FileFacts library;
  library.path = "Windows/a.dll";
  library.kind = ByteKind::library;
  library.sizes = {a_bytes, a_bytes + 96, 2000};
  library.parts = {{ByteKind::signature, kNobody, "Authenticode", {1000, 1000, 900}},
                   {ByteKind::slack, kNobody, "after the end", {0, 96, 0}}};
  image.file_facts(library, "Wine-a.dll");
  FileFacts words;
  words.path = "Windows/de-DE/b.dll.mui";
  words.kind = ByteKind::language;
  words.language = "de-DE";
  words.sizes = {300, 4096, 200};
  image.file_facts(words, "Wine-b.dll");
  image.file("Windows/winnow/provenance.json", "", {700, 4096, 100});
  image.overhead(ByteKind::file_table, "tar headers", {0, 0, 512});
  return image;
}

BudgetReport check(const std::string& body, const FactsBuilder& image,
                   const std::optional<FactsBuilder>& baseline = std::nullopt,
                   const std::optional<std::vector<std::string>>& names = std::nullopt) {
  const auto budget =
      parse_budget_file("<budgets xmlns='urn:winnow:budget:v1'>\n" + body + "\n</budgets>", "budget.xml");
  EXPECT_TRUE(budget) << to_string(budget.error());
  BudgetImage checked{image.build(), std::nullopt};
  if (baseline) checked.baseline = baseline->build();
  auto report = check_budget(budget.value(), {checked}, kToday, names);
  EXPECT_TRUE(report) << to_string(report.error());
  return report ? *report : BudgetReport{};
}

BudgetReport check_shop(const std::string& budgets, const FactsBuilder& image,
                        const std::optional<FactsBuilder>& baseline = std::nullopt) {
  return check("<image name='shop'>" + budgets + "</image>", image, baseline);
}

std::vector<std::string> findings(const BudgetReport& report) {
  std::vector<std::string> lines;
  for (const BudgetFinding& finding : report.findings) {
    lines.push_back(std::string(to_string(finding.level)) + " " + to_string(finding.place) + " " + finding.text);
  }
  return lines;
}

TEST(BudgetScope, CountsBytesOnce) {
  const ImageFacts image = shop(10'000).build();
  const auto bytes = [&](const BudgetScope& scope, BudgetMeasure measure) {
    return size_in_scope(image, scope, measure).bytes;
  };
  EXPECT_EQ(bytes({}, BudgetMeasure::logical), image.total.logical);
  EXPECT_EQ(bytes({}, BudgetMeasure::allocated), image.total.allocated);
  EXPECT_EQ(bytes({}, BudgetMeasure::stored), image.total.stored);
  EXPECT_EQ(bytes({}, BudgetMeasure::normalised), 14'300u) << "no signature, no slack, no provenance, no overhead";
  EXPECT_EQ(bytes({"wine-*", "", "", ""}, BudgetMeasure::logical), 5'300u);
  EXPECT_EQ(bytes({"", "app", "", ""}, BudgetMeasure::logical), 10'000u);
  EXPECT_EQ(bytes({"", "", "signature", ""}, BudgetMeasure::stored), 900u);
  EXPECT_EQ(bytes({"", "", "file table", ""}, BudgetMeasure::stored), 512u);
  EXPECT_EQ(bytes({"", "", "", "de-*"}, BudgetMeasure::logical), 300u);
  EXPECT_FALSE(size_in_scope(image, {"Wine-c*", "", "", ""}, BudgetMeasure::logical).is_there);
}

TEST(BudgetCheck, WithinBudget) {
  const BudgetReport report = check_shop("<budget limit='14300'/>", shop(10'000));
  EXPECT_FALSE(report.is_over_budget());
  EXPECT_THAT(findings(report), IsEmpty());
}

TEST(BudgetCheck, OverBudgetSaysTheLineByHowMuchAndBecauseOfWhat) {
  const BudgetReport report =
      check_shop("\n  <budget limit='14 kB' message='Ask #images.'/>", shop(12'000), shop(10'000, 4'000));
  EXPECT_TRUE(report.is_over_budget());
  EXPECT_EQ(
      print_budget(report),
      "budget.xml: over budget: 1 error; waivers as of 2026-11-22 (--today)\n"
      "\n"
      "line  image  budget for       measure        old     now  growth  may grow   limit  waived    left\n"
      "   3  shop   the whole image  normalised  13,300  16,300  +3,000            14,000          -2,300  BROKEN\n"
      "\n"
      "budget.xml:3:4: image shop is over budget: the whole image has 16,300 normalised bytes, 2,300 more than the "
      "limit of 14,000 (+16.4 %)\n"
      "  Ask #images.\n"
      "  because: +2,000 your manifest: app shop: the app's own files changed\n"
      "  because: +1,000 interaction: component Wine-a.dll: same version and feed, other bytes\n");
}

TEST(BudgetCheck, WithoutABaselineNobodyIsBlamed) {
  const BudgetReport report = check_shop("<budget limit='14 kB'/>", shop(12'000));
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_THAT(report.findings[0].notes,
              ElementsAre("no baseline was given, so nobody can be blamed: --against REPORT"));
}

TEST(BudgetCheck, CreepIsMeasuredFromTheBaseline) {
  const std::string creep = "<budget owner='app' creep='1 kB' creep-percent='5'/>";
  EXPECT_THAT(findings(check_shop(creep, shop(10'500), shop(10'000))), IsEmpty());
  EXPECT_THAT(
      findings(check_shop(creep, shop(10'501), shop(10'000))),
      ElementsAre("error budget.xml:2:21 image shop grew too much: owner app has 10,501 normalised bytes, 501 more "
                  "than the baseline's 10,000, 1 more than the 500 it may grow"));
  EXPECT_THAT(
      findings(check_shop(creep, shop(101'001), shop(100'000))),
      ElementsAre("error budget.xml:2:21 image shop grew too much: owner app has 101,001 normalised bytes, 1,001 "
                  "more than the baseline's 100,000, 1 more than the 1,000 it may grow"));
  EXPECT_THAT(findings(check_shop(creep, shop(9'000), shop(10'000))), IsEmpty());
}

TEST(BudgetCheck, FromNothingAnyPercentageIsTooMuch) {
  FactsBuilder before;
  before.facts().name = "shop.tar";
  EXPECT_THAT(
      findings(check_shop("<budget creep-percent='1000'/>", shop(10'000), before)),
      ElementsAre("error budget.xml:2:21 image shop grew too much: the whole image has 14,300 normalised bytes, "
                  "14,300 more than the baseline's 0, 14,300 more than the 0 it may grow"));
  EXPECT_THAT(findings(check_shop("<budget limit='0' component='Wine-*' measure='logical'/>", shop(10'000))),
              ElementsAre("error budget.xml:2:21 image shop is over budget: component Wine-* has 5,300 logical bytes, "
                          "5,300 more than the limit of 0"));
}

TEST(BudgetCheck, CreepWithoutABaselineFails) {
  EXPECT_THAT(findings(check_shop("<budget creep='1'/>", shop(10'000))),
              ElementsAre("error budget.xml:2:21 image shop has no baseline to compare its creep with"));
}

TEST(BudgetCheck, WaiversCountUntilTheyExpire) {
  const auto waived = [](const std::string& expires) {
    return "<budget limit='14 kB'><waiver who='ada' why='fonts' bytes='300' expires='" + expires + "'/></budget>";
  };
  EXPECT_THAT(findings(check_shop(waived("2026-11-22"), shop(10'000))), IsEmpty());
  const BudgetReport expired = check_shop(waived("2026-11-21"), shop(10'000));
  EXPECT_THAT(
      findings(expired),
      ElementsAre("error budget.xml:2:21 image shop is over budget: the whole image has 14,300 normalised bytes, "
                  "300 more than the limit of 14,000 (+2.1 %)",
                  "note budget.xml:2:43 the waiver of ada expired on 2026-11-21: fonts"));
  EXPECT_THAT(expired.findings[0].notes[0], "expired: 300 bytes by ada until 2026-11-21: fonts");
}

TEST(BudgetCheck, ForbiddenComponents) {
  EXPECT_THAT(findings(check_shop("<forbid component='wine-A*'/><forbid component='Wine-z*'/>", shop(10'000))),
              ElementsAre("error budget.xml:2:21 image shop has forbidden component Wine-a.dll"));
  EXPECT_THAT(findings(check_shop("<forbid component='Wine-a*'><waiver who='a' why='b' expires='2027-01-01'/></forbid>",
                                  shop(10'000))),
              IsEmpty());
}

TEST(BudgetCheck, MissingAndExtraEntriesFail) {
  EXPECT_THAT(findings(check("<image name='other'/>", shop(1))),
              ElementsAre("error budget.xml image shop has no budget"));
  EXPECT_THAT(findings(check_shop("<budget component='Gone-*' limit='1'/>", shop(1))),
              ElementsAre("error budget.xml:2:21 image shop has nothing that the budget is about: component Gone-*"));
  EXPECT_THAT(findings(check_shop("<budget component='Gone-*' limit='1' optional='true'/>", shop(1))), IsEmpty());
  EXPECT_THAT(findings(check("<image name='shop'/>", shop(1), std::nullopt, std::vector<std::string>{"stale"})),
              ElementsAre("error budget.xml:2:2 image shop has no baseline in the folder of baselines",
                          "error budget.xml baseline stale is of an image that has no budget"));
}

TEST(BudgetCheck, ImagesAreKnownByNameOrTag) {
  for (const char* name : {"shop.tar", "SHOP", "sh?p", "registry.example.org/*"}) {
    EXPECT_THAT(findings(check("<image name='" + std::string(name) + "'/>", shop(1))), IsEmpty()) << name;
  }
}

TEST(BudgetCheck, WarningsDoNotFail) {
  const BudgetReport report = check_shop("<budget limit='1' severity='warning'/>", shop(10'000));
  EXPECT_FALSE(report.is_over_budget());
  EXPECT_THAT(print_budget(report), HasSubstr("budget.xml:2:21: warning: image shop is over budget: "));
}

TEST(BudgetCheck, AnUnknownKindIsAnError) {
  const auto budget = parse_budget_file(
      "<budgets xmlns='urn:winnow:budget:v1'><image name='*'><budget kind='libary' limit='1'/></image></budgets>", "b");
  const auto report = check_budget(budget.value(), {}, kToday, std::nullopt);
  ASSERT_FALSE(report);
  EXPECT_EQ(to_string(report.error()),
            "b:1:56: cannot check kind \"libary\": no bytes are of that kind\n  note: did you mean \"library\"?");
}

TEST(BudgetUpdate, ImprovementsProposeALowerLimit) {
  const BudgetReport report = check_shop("<budget limit='20 kB'/><budget limit='14400'/>", shop(10'000));
  EXPECT_THAT(findings(report), ElementsAre("note budget.xml:2:21 image shop is 5,700 bytes below its limit: the whole "
                                            "image could have limit=\"14300\""));
  EXPECT_EQ(print_limit_changes(limit_changes(report, true)),
            "budget.xml:2:28: the whole image: limit 20,000 -> 14,300\n"
            "budget.xml:2:51: the whole image: limit 14,400 -> 14,300\n");
  EXPECT_THAT(limit_changes(report, false), IsEmpty());
}

TEST(BudgetUpdate, OnlyBreachesRaisesWhatIsBroken) {
  const BudgetReport report = check_shop(
      "<budget limit='10 kB'/><budget limit='14 kB'><waiver who='a' why='b' bytes='999' "
      "expires='2027-01-01'/></budget>",
      shop(10'000));
  EXPECT_EQ(print_limit_changes(limit_changes(report, false)),
            "budget.xml:2:28: the whole image: limit 10,000 -> 14,300\n");
}

}  // namespace
}  // namespace winnow
