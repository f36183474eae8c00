// Why something cannot be, on universes one can follow: the whole messages. Whole answers of `why-not` are in
// tests/cases.
#include "resolve/explain/clash.hpp"

#include <gtest/gtest.h>

#include "support/case_file.hpp"

namespace winnow {
namespace {

using testing::CaseParser;

std::string faults_of(const std::string& text) {
  const testing::CaseFile file = CaseParser::parse("t.case", text);
  std::string all;
  for (const Fault& fault : explain_unsatisfiable(file.universe, file.goal)) all += to_string(Error(fault)) + "\n";
  return all;
}

TEST(ExplainUnsatisfiable, SaysNothingOfAGoalThatCanBe) {
  EXPECT_EQ(faults_of("node web 1 1\n"
                      "request web\n"),
            "");
}

TEST(ExplainUnsatisfiable, NamesEveryMissingProvider) {
  EXPECT_EQ(
      faults_of("node web 1 1\n"
                "  imports KERNEL32.dll ->\n"
                "  needs tls\n"
                "node tls 1 1\n"
                "  needs certificates ->\n"
                "request web\n"
                "request mail ->\n"),
      "t.case:6: cannot resolve shop: nothing provides KERNEL32.dll\n"
      "  note: because shop asks for web (t.case:6), which imports KERNEL32.dll (t.case:2), which nothing provides\n"
      "t.case:6: cannot resolve shop: nothing provides certificates\n"
      "  note: because shop asks for web (t.case:6), which needs tls (t.case:3)\n"
      "  note: and tls needs certificates (t.case:5), which nothing provides\n"
      "t.case:7: cannot resolve shop: nothing provides mail\n"
      "  note: because shop asks for mail (t.case:7), which nothing provides\n"
      "  note: what would help: drop web and mail\n");
}

TEST(ExplainUnsatisfiable, TwoVersions) {
  EXPECT_EQ(faults_of("node web 1 1\n"
                      "  needs tls -> tls@3\n"
                      "node mail 1 1\n"
                      "  needs tls -> tls@1\n"
                      "node tls 1 1\n"
                      "node tls 3 1\n"
                      "request web\n"
                      "request mail\n"),
            "t.case:7: cannot resolve shop: tls 1 and tls 3 cannot both be there\n"
            "  note: because shop asks for web (t.case:7), which needs tls (t.case:2) -> tls 3\n"
            "  note: and shop asks for mail (t.case:8), which needs tls (t.case:4) -> tls 1\n"
            "  note: and tls 1 and tls 3 cannot both be there\n"
            "  note: what would help: drop web, or drop mail\n");
}

TEST(ExplainUnsatisfiable, AnExclusionAndAPin) {
  EXPECT_EQ(faults_of("node web 1 1\n"
                      "  needs tls -> tls@1 gnutls\n"
                      "node gnutls 1 1\n"
                      "node tls 1 1\n"
                      "node tls 3 1\n"
                      "request web\n"
                      "exclude gnutls\n"
                      "pin tls 3\n"),
            "t.case:6: cannot resolve shop: gnutls is excluded\n"
            "  note: because shop asks for web (t.case:6), which needs tls (t.case:2) -> tls 1 or gnutls\n"
            "  note: and tls 1 is not version 3, which is pinned (t.case:8)\n"
            "  note: and gnutls is excluded (t.case:7)\n"
            "  note: what would help: drop web, or allow gnutls, or allow tls 1\n");
}

TEST(ExplainUnsatisfiable, AGatePullsNothingIn) {
  const std::string nodes =
      "node driver 1 1\n"
      "  gate desktop\n"
      "node desktop 1 1\n"
      "  needs theme\n"
      "node theme 1 1\n"
      "  needs desktop\n";
  EXPECT_EQ(faults_of(nodes + "request driver\n"),
            "t.case:7: cannot resolve shop: nothing brings desktop\n"
            "  note: because shop asks for driver (t.case:7)\n"
            "  note: and driver is admitted only beside desktop (t.case:2), which nothing brings\n"
            "  note: what would help: drop driver\n");
  EXPECT_EQ(faults_of(nodes + "request driver\nrequest theme\n"), "");
}

// web could bring the desktop, but for the exclusion; desktop and theme, which bring each other, are no reason.
TEST(ExplainUnsatisfiable, WhatBringsAGateMayBeExcluded) {
  EXPECT_EQ(faults_of("node driver 1 1\n"
                      "  gate desktop\n"
                      "node desktop 1 1\n"
                      "  needs theme\n"
                      "node theme 1 1\n"
                      "  needs desktop\n"
                      "node web 1 1\n"
                      "  needs theme\n"
                      "node text 1 1\n"
                      "node page 1 1\n"
                      "  needs view -> web text\n"
                      "request driver\n"
                      "request page\n"
                      "exclude web\n"),
            "t.case:12: cannot resolve shop: nothing else brings desktop\n"
            "  note: because shop asks for driver (t.case:12), which is admitted only beside desktop (t.case:2)\n"
            "  note: and web is excluded (t.case:14)\n"
            "  note: and nothing else brings desktop\n"
            "  note: what would help: drop driver, or allow web\n");
}

TEST(ReasonLines, LongChainsGoOnInTheNextLine) {
  Clash clash;
  clash.steps.push_back({"a", "needs b", {}, false, ""});
  clash.steps.push_back({"b", "needs " + std::string(65, 'c'), {}, true, ""});
  clash.steps.push_back({std::string(65, 'c'), "is excluded", {}, true, ""});
  EXPECT_EQ(reason_lines(clash), (std::vector<std::string>{"because a needs b, which needs " + std::string(65, 'c'),
                                                           "and " + std::string(65, 'c') + " is excluded"}));
}

TEST(RepairText, NamesAFewWays) {
  Clash clash;
  EXPECT_EQ(repair_text(clash), "");
  clash.repairs = {{{"a", "b"}, {}}, {{"c"}, {"d 2"}}, {{}, {"e", "f", "g"}}};
  EXPECT_EQ(repair_text(clash), "drop a and b, or drop c and allow d 2, or allow e, f and g");
  clash.repairs.resize(7, {{"h"}, {}});
  EXPECT_EQ(repair_text(clash),
            "drop a and b, or drop c and allow d 2, or allow e, f and g, or drop h, or 3 other ways");
}

}  // namespace
}  // namespace winnow
