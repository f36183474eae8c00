#include "manifest/inf_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace winnow {
namespace {

using ::testing::ElementsAre;

InfFile parsed(std::string_view text) {
  auto inf = InfFile::parse(text, "t.inf");
  EXPECT_TRUE(inf) << to_string(inf.error());
  return inf ? std::move(*inf) : InfFile();
}

std::string error_of(std::string_view text) {
  const auto inf = InfFile::parse(text, "t.inf");
  return inf ? "" : to_string(inf.error());
}

TEST(InfFile, SplitsLinesIntoKeyAndFields) {
  const InfFile inf = parsed("[A]\r\n key = one , two,,\tthree \r\nHKLM,a=b\r\n");
  const auto& lines = inf.section("a");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].key, "key");
  EXPECT_THAT(lines[0].fields, ElementsAre("one", "two", "", "three"));
  EXPECT_EQ(lines[0].line, 2u);
  EXPECT_EQ(lines[0].field(9), "");
  EXPECT_EQ(lines[1].key, "");
  EXPECT_THAT(lines[1].fields, ElementsAre("HKLM", "a=b"));
}

TEST(InfFile, KeepsWhatQuotesHold) {
  const InfFile inf = parsed("[A]\na,\"\"\"%1\"\" ; x,y \",b\n\"p=q\" = r\n\"open\nnext\n");
  const auto& lines = inf.section("A");
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_THAT(lines[0].fields, ElementsAre("a", "\"%1\" ; x,y ", "b"));
  EXPECT_EQ(lines[1].key, "p=q");
  EXPECT_THAT(lines[2].fields, ElementsAre("open"));
  EXPECT_THAT(lines[3].fields, ElementsAre("next"));
}

TEST(InfFile, JoinsContinuedLinesAndDropsComments) {
  const InfFile inf = parsed("; top\n[A]\nlist=\\\n  one,\\ ; why\n  two ; end\nC:\\dir\\file, x\n;only\nlast\\");
  const auto& lines = inf.section("A");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].key, "list");
  EXPECT_THAT(lines[0].fields, ElementsAre("one", "two"));
  EXPECT_EQ(lines[0].line, 3u);
  EXPECT_THAT(lines[1].fields, ElementsAre("C:\\dir\\file", "x"));
  EXPECT_EQ(lines[1].line, 6u);
  EXPECT_THAT(lines[2].fields, ElementsAre("last\\"));
}

TEST(InfFile, JoinsSectionsOfOneNameAndKeepsTheirOrder) {
  const InfFile inf = parsed("[B]\n1\n[a]\n2\n[b]\n3\n[empty]\n");
  EXPECT_THAT(inf.section_names(), ElementsAre("B", "a", "empty"));
  EXPECT_EQ(inf.section("B").size(), 2u);
  EXPECT_TRUE(inf.has_section("EMPTY"));
  EXPECT_FALSE(inf.has_section("c"));
  EXPECT_TRUE(inf.section("c").empty());
}

TEST(InfFile, ExpandsStringsAndFolders) {
  InfFile inf = parsed("[Strings]\nVersion=\"Software\\Microsoft\"\n");
  inf.define("CLSID_X", "{1}");
  EXPECT_EQ(inf.expand("%version%\\Run"), "Software\\Microsoft\\Run");
  EXPECT_EQ(inf.expand("a%clsid_x%b"), "a{1}b");
  EXPECT_EQ(inf.expand("\"%11%\\a.exe\" \"%1\""), "\"C:\\windows\\system32\\a.exe\" \"%1\"");
  EXPECT_EQ(inf.expand("%%ProgramFiles%%"), "%ProgramFiles%");
  EXPECT_EQ(inf.expand("%SystemRoot%\\temp"), "%SystemRoot%\\temp");
  EXPECT_EQ(inf.expand("100%"), "100%");
  EXPECT_EQ(inf.expand("%24%\\pagefile.sys"), "C:\\pagefile.sys");
}

TEST(InfFile, GivesAllValuesOfAKey) {
  const InfFile inf = parsed("[S]\nAddReg=a,,b\nother=c\naddreg=%d%\n[Strings]\nd=e\n");
  EXPECT_THAT(inf.values("s", "AddReg"), ElementsAre("a", "b", "e"));
  EXPECT_THAT(inf.values("s", "none"), ElementsAre());
}

TEST(InfFile, RefusesWhatIsNoInf) {
  EXPECT_EQ(error_of("a,b\n[S]\n"), "t.inf:1: cannot parse INF file: a line stands before any section");
  EXPECT_EQ(error_of("[S]\n[open\n"), "t.inf:2: cannot parse INF file: a section name has no \"]\"");
  EXPECT_EQ(error_of("[S]\n" + std::string(kMaxInfFields, ',')),
            "t.inf:2: cannot parse INF file: a line has more than 4096 fields");
  EXPECT_EQ(error_of(std::string(kMaxInfBytes + 1, ' ')),
            "t.inf: cannot parse INF file: it holds more than 16777216 bytes");
}

TEST(InfFile, SurvivesEveryTruncation) {
  const std::string text = "; c\n[A]\nk=\"a\"\"b\",\\\n c ; d\n[Strings]\nx=\"y\"\nHKLM,%x%,,0x10001,1\n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto inf = InfFile::parse(std::string_view(text).substr(0, size), "t.inf");
    EXPECT_TRUE(!inf || inf->section_names().size() <= 2) << size;
  }
}

}  // namespace
}  // namespace winnow
