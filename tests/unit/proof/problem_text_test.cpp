// A problem as text, and as the constraints that other solvers read.
#include "resolve/proof/problem_text.hpp"

#include <gtest/gtest.h>

#include "resolve/certificate.hpp"
#include "resolve/dump_opb.hpp"
#include "support/small_universe.hpp"

namespace winnow {
namespace {

using testing::SmallUniverse;

// A gate that nothing but a cycle could meet, unless "d" leads into it; a shared file; a wish.
SmallUniverse::Made make_universe() {
  SmallUniverse small;
  small.node("a", 8192).node("b", 4096).node("c", 4096).node("d", 12288);
  small.wants({"a"}).wants({"d", "a"}).gate("a", {"b"}).needs("b", {"c"}).needs("c", {"b"}).needs("d", {"c"});
  small.file("same.dll", 4096, {"a", "b"}).recommends("a", {"d"}).recommended(RecommendedPolicy::if_free);
  return small.make();
}

constexpr auto kText =
    "winnow-problem 1 # test\n"
    "node x1 bytes 8192 count 1 # a\n"
    "node x2 bytes 4096 count 1 # b\n"
    "node x3 bytes 4096 count 1 # c\n"
    "node x4 bytes 12288 count 1 # d\n"
    "file x5 bytes 4096 # a file of a and 1 more\n"
    "request hard : x1 # test asks for a (test.xml:1)\n"
    "request hard : x4 x1 # test asks for d or a (test.xml:2)\n"
    "gate hard : -x1 x2 # a needs b (a.manifest:1)\n"
    "need wish 1 : -x1 x4 # a needs d (a.manifest:2)\n"
    "need hard : -x2 x3 # b needs c (b.manifest:1)\n"
    "need hard : -x3 x2 # c needs b (c.manifest:1)\n"
    "need hard : -x4 x3 # d needs c (d.manifest:1)\n"
    "file hard : -x1 x5 # a brings a file that others bring too\n"
    "file hard : -x2 x5 # b brings a file that others bring too\n";

TEST(ProblemText, IsTheWholeProblem) {
  const auto made = make_universe();
  EXPECT_EQ(print_problem(made.universe, made.goal, made.problem), kText);
  const auto read = parse_problem(kText, "test.problem");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(digest_of(*read), digest_of(made.problem));
}

TEST(ProblemText, FaultsAreNamedWithTheirLine) {
  const auto fault = [](const std::string& from, const std::string& to) {
    std::string text = kText;
    const auto read = parse_problem(text.replace(text.find(from), from.size(), to), "test.problem");
    return read ? "" : to_string(read.error());
  };
  const std::string start = "cannot read the problem: ";
  EXPECT_EQ(fault("winnow-problem 1", "winnow-problem 2"), "test.problem:1: " + start + "\"2\" is not \"1\"");
  EXPECT_EQ(fault("node x3", "node x4"), "test.problem:4: " + start + "x4 is not the next variable, x3");
  EXPECT_EQ(fault("bytes 12288", "bytes -1"), "test.problem:5: " + start + "bytes -1 count 1 is less than nothing");
  EXPECT_EQ(fault("request hard : x4", "request hard : x6"),
            "test.problem:8: " + start + "\"x6\" is not a literal, the last is x5");
  EXPECT_EQ(fault("need hard : -x2 x3", "need hard : -x2 x5"),
            "test.problem:11: " + start + "it is not about nodes alone");
  EXPECT_EQ(fault("file hard : -x1 x5", "file hard : x1 x5"),
            "test.problem:14: " + start + "it is not \"file hard : -node file\"");
  EXPECT_EQ(fault("gate hard", "door hard"), "test.problem:9: " + start + "\"door\" does not start a line here");
}

// b and c need each other: one must come first in an order of theirs, and only d can lead to it.
TEST(LinearDump, SaysAllThatASolutionMustBe) {
  const auto made = make_universe();
  const std::string text =
      print_linear(made.problem, names_of(made.universe, made.goal, made.problem), CostLevel::bytes, LinearFormat::opb);
  EXPECT_EQ(text,
            "* #variable= 10 #constraint= 15\n"
            "* winnow: test, problem sha256:" +
                digest_of(made.problem).hex() +
                "\n"
                "* the objective is bytes / 4096\n"
                "* wish is not in it: 1 amounts\n"
                "* count is not in it: 4 amounts\n"
                "* x1 a\n"
                "* x2 b\n"
                "* x3 c\n"
                "* x4 d\n"
                "* x5 a file of a and 1 more\n"
                "* x6 clause 4 is not satisfied\n"
                "* x7 x3 leads to x2\n"
                "* x8 bit 0 of the place of x2\n"
                "* x9 bit 0 of the place of x3\n"
                "* x10 x2 leads to x3\n"
                "min: +2 x1 +1 x2 +1 x3 +3 x4 +1 x5 ;\n"
                "+1 x1 >= 1 ;\n"
                "+1 x4 +1 x1 >= 1 ;\n"
                "-1 x1 +1 x2 >= 0 ;\n"
                "-1 x1 +1 x4 +1 x6 >= 0 ;\n"
                "-1 x2 +1 x3 >= 0 ;\n"
                "-1 x3 +1 x2 >= 0 ;\n"
                "-1 x4 +1 x3 >= 0 ;\n"
                "-1 x1 +1 x5 >= 0 ;\n"
                "-1 x2 +1 x5 >= 0 ;\n"
                "+1 x3 -1 x7 >= 0 ;\n"
                "+1 x8 -1 x9 -2 x7 >= -1 ;\n"
                "-1 x2 +1 x7 >= 0 ;\n"
                "+1 x2 -1 x10 >= 0 ;\n"
                "+1 x9 -1 x8 -2 x10 >= -1 ;\n"
                "-1 x3 +1 x10 +1 x4 >= 0 ;\n");
}

TEST(LinearDump, HigherLevelsCountMoreThanAllBelow) {
  SmallUniverse small;
  small.node("a", 8192).node("b", 4096).wants({"a", "b"}).wants({"a"}, true);
  const auto made = small.make();
  const std::string text = print_linear(made.problem, {}, CostLevel::bytes, LinearFormat::lp);
  EXPECT_EQ(text.substr(text.find("\\ the objective")),
            "\\ the objective is 4 * penalty + bytes / 4096\n"
            "\\ count is not in it: 2 amounts\n"
            "\\ x3 clause 2 is not satisfied\n"
            "Minimize\n"
            " obj: +2 x1 +1 x2 +4 x3\n"
            "Subject To\n"
            " c1: +1 x1 +1 x2 >= 1\n"
            " c2: +1 x1 +1 x3 >= 1\n"
            "Binary\n x1\n x2\n x3\nEnd\n");
}

}  // namespace
}  // namespace winnow
