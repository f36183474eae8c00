// The text form of hand-made universes is strict: what it does not know is an error with its line.
#include "support/case_file.hpp"

#include <gtest/gtest.h>

namespace winnow {
namespace {

using testing::CaseParser;

std::string error_of(const std::string& text) {
  try {
    (void)CaseParser::parse("t.case", text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

TEST(CaseFile, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(error_of("node a 1 4096\n  wants b\n"), "t.case:2: a node does not have \"wants\"");
  EXPECT_EQ(error_of("node a 1 4096\n  needs b\n"), "t.case:2: no node is named \"b\"");

  EXPECT_EQ(error_of("node a 1 4096\n  needs a b\n"), "t.case:2: \"->\" comes before nodes");
  EXPECT_EQ(error_of("node a 1 4kB\n"), "t.case:1: \"4kB\" is no number");
  EXPECT_EQ(error_of("node a 1 1\nnode a 1 2\n"), "t.case:2: a 1 is there already");
  EXPECT_EQ(error_of("node a 1 1 size=2\n"), "t.case:1: a node has language= or penalty=NUMBER:WHY, not \"size=2\"");
  EXPECT_EQ(error_of("  needs a\n"), "t.case:1: an indented line needs a node above it");
  EXPECT_EQ(error_of("node a 1 1\n   needs a\n"), "t.case:2: indent by two blanks");
  EXPECT_EQ(error_of("want a\n"), "t.case:1: there is no \"want\"");
  EXPECT_EQ(error_of("set colour red\n"), "t.case:1: cannot set colour to red");
  EXPECT_EQ(error_of("| text\n"), "t.case:1: text without a question above it");
  EXPECT_EQ(error_of("= why a\nnode a 1 1\n"), "t.case:2: questions come last");
}

TEST(CaseFile, GivesEveryNeedItsLine) {
  const testing::CaseFile file = CaseParser::parse("t.case",
                                                   "# two versions, the first is the default\n"
                                                   "node b 2 4096\n"
                                                   "node a 1 4096\n"
                                                   "  needs b\n"
                                                   "node b 1 4096\n"
                                                   "request a\n"
                                                   "pin b 1\n"
                                                   "answer a b@1\n");
  const Universe& universe = file.universe;
  ASSERT_EQ(universe.nodes().size(), 3u);
  const UniverseNeed& need = universe.needs_of(0).front();
  EXPECT_EQ(need.line, 4u);
  EXPECT_EQ(universe.text(need.file), "t.case");
  EXPECT_EQ(universe.name_of(universe.targets_of(need)[0]), "b 2");
  EXPECT_EQ(universe.name_of(universe.targets_of(need)[1]), "b 1");
  ASSERT_EQ(file.goal.forbidden.size(), 1u);
  EXPECT_EQ(universe.name_of(file.goal.forbidden[0].node), "b 2");
  EXPECT_EQ(file.answer, (std::vector<NodeId>{0, 1}));
}

}  // namespace
}  // namespace winnow
