// Numbers and hostile names in every format of the reports.
#include "size_analyzer/report_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/file_system.hpp"
#include "size_analyzer/budget_views.hpp"
#include "size_analyzer/diff_views.hpp"
#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using testing::FactsBuilder;

TEST(ReportText, Percentages) {
  EXPECT_EQ(percent_text(0, 5), "new");
  EXPECT_EQ(percent_text(0, 0), "");
  EXPECT_EQ(percent_text(200, -50), "-25.0 %");
}

TEST(ReportText, NamesForTerminalsAndLogs) {
  EXPECT_EQ(plain_name("Windows/System32/\xC3\xA4.dll"), "Windows/System32/\xC3\xA4.dll");
  EXPECT_EQ(plain_name("a\x1b[2Jb\nc"), "a\\x1b[2Jb\\x0ac");
  EXPECT_EQ(plain_name("\xFF"), "\\xff");
  EXPECT_EQ(plain_name("a\xC2\x9B"
                       "b"),
            "a\\xc2\\x9bb");
  EXPECT_EQ(plain_name("a\xE2\x80\xAE"
                       "b"),
            "a\\xe2\\x80\\xaeb")
      << "right-to-left override";
  EXPECT_EQ(plain_name("x##vso[task.setvariable variable=a]b"), "x#\\#vso[task.setvariable variable=a]b");
  EXPECT_EQ(plain_name("::error::x"), ":\\:error::x");
}

TEST(ReportText, FieldsOfCsv) {
  EXPECT_EQ(csv_field("a b"), "a b");
  EXPECT_EQ(csv_field("a,b \"c\"\n"), "\"a,b \"\"c\"\"\n\"");
  EXPECT_EQ(csv_field("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
  EXPECT_EQ(csv_field("-1"), "'-1");
}

TEST(ReportText, CodeOfMarkdown) {
  EXPECT_EQ(markdown_code("a|b"), "`a\\|b`");
  EXPECT_EQ(markdown_code("@team #1 <b>"), "`@team #1 <b>`");
  EXPECT_EQ(markdown_code("a`b"), "``a`b``");
  EXPECT_EQ(markdown_code("``a"), "``` ``a ```");
  EXPECT_EQ(markdown_code(""), "`  `");
  EXPECT_EQ(markdown_code("a\nb"), "`a\\x0ab`");
}

// An image whose every name attacks some format.
constexpr auto kHostile = "x\"'<&>]]>|`@team;:,%0A\n::error::pwned##vso[task.complete]\x1b[31m=1+1";

BudgetReport hostile_report() {
  BudgetReport report;
  report.file = "dir one/budget,1;].xml";
  report.today = "2026-11-22 (--today)";
  report.images = {kHostile};
  BudgetRow row;
  row.place = {report.file, 4, 9};
  row.image = kHostile;
  row.scope = "component Wine-*";
  row.value = 12;
  row.limit = 10;
  row.is_broken = true;
  report.rows = {row};
  BudgetFinding finding;
  finding.place = row.place;
  finding.image = kHostile;
  finding.text = std::string("image ") + kHostile + " is over budget";
  finding.message = "Ask.";
  finding.causes = {{{Cause::version, std::string("component ") + kHostile, "version 1 -> 2"}, {2, 2, 2}, 2, 1}};
  BudgetFinding note = finding;
  note.level = FindingLevel::note;
  note.kind = FindingKind::improvement;
  report.findings = {finding, note};
  return report;
}

TEST(HostileNames, OfTextNeverReachTheTerminal) {
  const std::string text = print_budget(hostile_report());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\n::"), std::string::npos);
  EXPECT_EQ(text.find("##vso["), std::string::npos);
}

TEST(HostileNames, OfGithubAreOneCommandEach) {
  const std::string escaped = "x\"'<&>]]>|`@team;:,%250A\\x0a::error::pwned#\\#vso[task.complete]\\x1b[31m=1+1";
  EXPECT_EQ(print_budget_github(hostile_report()),
            "::error file=dir one/budget%2C1;].xml,line=4,col=9,title=Size budget%3A over-limit::image " + escaped +
                " is over budget%0AAsk.%0Abecause: +2 version moved: component " + escaped + ": version 1 -> 2\n" +
                "::notice file=dir one/budget%2C1;].xml,line=4,col=9,title=Size budget%3A improvement::image " +
                escaped + " is over budget%0AAsk.%0Abecause: +2 version moved: component " + escaped +
                ": version 1 -> 2\n");
}

TEST(HostileNames, OfAzureAreOneCommandEach) {
  const std::string text = print_budget_azure(hostile_report());
  EXPECT_TRUE(
      text.starts_with("##vso[task.logissue type=error;sourcepath=dir one/budget,1%3B%5D.xml;linenumber=4;"
                       "columnnumber=9;code=over-limit]image x\"'<&>]]>|`@team;:,%AZP250A\\x0a::error::pwned#\\#vso["))
      << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(HostileNames, OfJunitAreXml) {
  if (std::system("xmllint --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "xmllint is not here";
  const auto folder = TemporaryDirectory::create("winnow-junit").value();
  const auto file = folder.path() / "report.xml";
  ASSERT_TRUE(write_file(file, as_bytes(print_budget_junit(hostile_report()))));
  const auto count = [&](const std::string& path) {
    const std::string command = "test \"$(xmllint --nonet --xpath 'count(" + path + ")' '" + file.string() + "')\" = 1";
    return std::system(command.c_str());
  };
  EXPECT_EQ(count("/testsuites/testsuite[@tests=1][@failures=1]/testcase/failure[@type=\"over-limit\"]"), 0);
  EXPECT_EQ(count("//failure[contains(@message, \"is over budget\")]"), 0);
}

TEST(HostileNames, OfSarifAreJson) {
  const auto sarif = parse_json(budget_sarif(hostile_report()).dump(), "sarif");
  ASSERT_TRUE(sarif);
  EXPECT_EQ((*sarif)["version"], "2.1.0");
  const Json& result = (*sarif)["runs"][0]["results"][0];
  EXPECT_EQ(result["ruleId"], "over-limit");
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "dir%20one/budget%2C1%3B%5D.xml");
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"], Json({{"startLine", 4}, {"startColumn", 9}}));
  const Json& rules = (*sarif)["runs"][0]["tool"]["driver"]["rules"];
  EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
}

TEST(HostileNames, OfMarkdownStayInTheirCells) {
  const std::string text = print_budget_markdown(hostile_report());
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 40);
  EXPECT_EQ(text.find("\n::"), std::string::npos);
  EXPECT_NE(text.find("\\|"), std::string::npos);
}

TEST(HostileNames, OfJsonAreNotUtf8) {
  BudgetReport report = hostile_report();
  report.images = {"\xFF"};
  EXPECT_NO_THROW({ const std::string text = print_json(to_json(report)); });
}

TEST(DiffViews, ATableForPeople) {
  FactsBuilder before;
  before.facts().name = "old.tar";
  before.component("base", "Wine-a.dll", "8.0").file("a.dll", "Wine-a.dll", {1000, 4096, 500}, ByteKind::library);
  before.component("base", "Wine-b.dll").file("b.dll", "Wine-b.dll", {10, 4096, 5}, ByteKind::library);
  FactsBuilder after;
  after.facts().name = "new.tar";
  after.component("base", "Wine-a.dll", "9.0").file("a.dll", "Wine-a.dll", {3000, 4096, 1500}, ByteKind::library);
  after.count("registry keys", 7);
  const ImageFacts old_facts = before.build();
  const ImageFacts new_facts = after.build();
  ExplainedDiff diff{diff_facts(old_facts, new_facts).value(), {}};
  diff.causes = sum_causes(diff.diff, blame(old_facts, new_facts, diff.diff));
  EXPECT_EQ(print_diff(diff, {}),
            "old.tar -> new.tar\n"
            "\n"
            "total         old    new  difference\n"
            "logical     1,010  3,000      +1,990  +197.0 %\n"
            "allocated   8,192  4,096      -4,096   -50.0 %\n"
            "stored        505  1,500        +995  +197.0 %\n"
            "normalised  1,010  3,000      +1,990  +197.0 %\n"
            "\n"
            "kind, stored  old    new  difference\n"
            "library       505  1,500        +995  +197.0 %\n"
            "\n"
            "counts                 old  new  difference\n"
            "components               2    1          -1  +0 -1\n"
            "file names               2    1          -1  +0 -1\n"
            "registry keys  not counted    7\n"
            "\n"
            "why, stored\n"
            "difference  cause          what                  because\n"
            "    +1,000  version moved  all together\n"
            "        -5  unknown        all together\n"
            "    +1,000  version moved  component Wine-a.dll  version 8.0 -> 9.0\n"
            "        -5  unknown        component Wine-b.dll  the image's provenance has no dependency graph\n"
            "\n"
            "   owner, stored         version     old    new  difference            files\n"
            "~  component Wine-a.dll  8.0 -> 9.0  500  1,500      +1,000  +200.0 %\n"
            "-  component Wine-b.dll  1.0           5      0          -5  -100.0 %  +0 -1\n"
            "\n"
            "   file, stored  kind     old    new  difference\n"
            "~  a.dll         library  500  1,500      +1,000  +200.0 %\n"
            "-  b.dll         library    5      0          -5  -100.0 %\n"
            "  0 files are the same\n"
            "\n"
            "+ new  - gone  ~ grew or shrank  > moved\n");
  const std::string markdown = print_diff_markdown(diff, {});
  EXPECT_TRUE(markdown.starts_with("### `new.tar` grew by 995 bytes stored (+197.0 %)\n\nCompared with `old.tar`.\n"))
      << markdown;
  EXPECT_LE(std::count(markdown.begin(), markdown.end(), '\n'), 40);
}

}  // namespace
}  // namespace winnow
