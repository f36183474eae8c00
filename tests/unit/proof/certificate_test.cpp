// A certificate as a person reads it, and every way in which one can be wrong, each with its whole message.
#include "resolve/certificate.hpp"

#include <gtest/gtest.h>

#include "resolve/check_proof.hpp"
#include "support/small_universe.hpp"

namespace winnow {
namespace {

using testing::SmallUniverse;

// A choice of two, of which the smaller needs a library; a triangle of which two corners must be there; a gate whose
// target only "h" asks for; a recommended node that is too dear.
SmallUniverse::Made make_universe() {
  SmallUniverse small;
  small.node("app", 100).node("big", 60).node("small", 20).node("lib", 30).node("tool", 10);
  small.node("a", 10).node("b", 10).node("c", 10);
  small.node("g", 5).node("h", 40).node("k", 10).node("doc", 50);
  small.wants({"app"}).wants({"a", "b"}).wants({"b", "c"}).wants({"a", "c"}).wants({"h", "k"});
  small.needs("app", {"big", "small"}).needs("app", {"tool", "lib"}).needs("small", {"lib"});
  small.gate("app", {"g"}).needs("h", {"g"}).recommends("app", {"doc"}).conflict("doc", "k");
  small.recommended(RecommendedPolicy::if_free);
  return small.make();
}

// A digest is what it is; everything else of a certificate is written out.
std::string text_of(const std::string& body, const Problem& problem) {
  return "winnow-certificate 1 # test\nproblem sha256:" + digest_of(problem).hex() + "\n" + body;
}

constexpr auto kBody =
    "cost bytes 215 wish 1 count 7 # a lower level decides between equals only\n"
    "bound bytes 215 wish 1 count 7\n"
    "chosen x1 # a\n"
    "chosen x2 # app\n"
    "chosen x3 # b\n"
    "chosen x7 # g\n"
    "chosen x8 # h\n"
    "chosen x10 # lib\n"
    "chosen x11 # small\n"
    "forced 1 # test asks for app (test.xml:1)\n"
    "forced 8 # app needs g (app.manifest:3)\n"
    "loop x7 : x8 # nothing but gates asks for g, unless one of 1 does\n"
    "core bytes 100 count 1 : x2 # app\n"
    "core bytes 20 count 1 : x4 x11 # at least one of big, small\n"
    "core bytes 30 count 1 : x4 x10 # at least one of big, lib\n"
    "core bytes 10 count 1 : x1 x3 # at least one of a, b\n"
    "core bytes 10 count 1 : x5 c4>=2 # at least one of c, 2 of core 4\n"
    "core bytes 5 count 1 : x7 # g\n"
    "core bytes 40 count 1 : x8 # h\n"
    "core wish 1 : x6 s9 # at least one of doc, not: app needs doc (app.manifest:4)\n";

std::string faults_of(const ProofCheck& check) { return check.faults.empty() ? "" : to_string(Error(check.faults)); }

// What a person is told about a certificate of this text.
std::string verdict(const SmallUniverse::Made& made, const std::string& text) {
  const Result<Certificate> certificate = parse_certificate(text, "test.proof", made.problem);
  if (!certificate) return to_string(certificate.error());
  return faults_of(check_proof(made.problem, *certificate));
}

TEST(Certificate, IsTextThatAPersonCanReview) {
  const auto made = make_universe();
  const std::string text = text_of(kBody, made.problem);
  const Result<Certificate> certificate = parse_certificate(text, "test.proof", made.problem);
  ASSERT_TRUE(certificate) << to_string(certificate.error());
  EXPECT_EQ(print_certificate(made.universe, made.goal, made.problem, *certificate), text);
  const ProofCheck check = check_proof(made.problem, *certificate);
  EXPECT_EQ(faults_of(check), "");
  EXPECT_EQ(check.cores_proved, 8u);
  EXPECT_EQ(check.clauses_checked, 11u);
  EXPECT_EQ(check.variables_enumerated, 9u) << "a b c; big lib small tool; doc k";
}

struct Mutation {
  const char* name;
  const char* from;  // replaced once in kBody, which has it
  const char* to;
  const char* message;  // whole
};

std::string mutated(const Mutation& mutation) {
  std::string body = kBody;
  const std::size_t at = body.find(mutation.from);
  EXPECT_NE(at, std::string::npos) << mutation.from;
  return body.replace(at, std::string(mutation.from).size(), mutation.to);
}

constexpr Mutation kMutations[] = {
    {"drops a node that a clause needs", "chosen x10 # lib\n", "",
     "cannot accept the solution: clause 7 (need) has no true literal\n"
     "cannot accept the solution: clause 11 (need) has no true literal\n"
     "cannot accept the cost: the solution costs bytes 185 wish 1 count 6, not bytes 215 wish 1 count 7"},
    {"drops the node of a request", "chosen x3 # b\n", "",
     "cannot accept the solution: clause 3 (request) has no true literal\n"
     "cannot accept the cost: the solution costs bytes 205 wish 1 count 6, not bytes 215 wish 1 count 7"},
    {"adds a node that nothing needs", "chosen x3 # b\n", "chosen x3 # b\nchosen x5 # c\n",
     "cannot accept the cost: the solution costs bytes 225 wish 1 count 8, not bytes 215 wish 1 count 7"},
    {"adds a node that nothing leads to", "chosen x8 # h\n", "chosen x9 # k\n",
     "cannot accept the solution: no chain of requests and needs leads to x7\n"
     "cannot accept the cost: the solution costs bytes 185 wish 1 count 7, not bytes 215 wish 1 count 7"},
    {"breaks a conflict", "chosen x7 # g\nchosen x8 # h\n", "chosen x6\nchosen x7 # g\nchosen x8 # h\nchosen x9\n",
     "cannot accept the solution: clause 12 (conflict) has no true literal\n"
     "cannot accept the cost: the solution costs bytes 275 count 9, not bytes 215 wish 1 count 7"},
    {"names a node twice", "chosen x3 # b\n", "chosen x3 # b\nchosen x3\n",
     "cannot accept the solution: x3 stands behind x3"},
    {"swaps two nodes", "chosen x7 # g\nchosen x8 # h\n", "chosen x8\nchosen x7\n",
     "cannot accept the solution: x7 stands behind x8"},
    {"names a node that is not there", "chosen x11", "chosen x13",
     "test.proof:11: cannot read the certificate: \"x13\" is not a node, the last is x12"},
    {"takes an equal set that comes later", "chosen x3 # b\n", "chosen x5 # c\n",
     "cannot accept the solution: with x3 in place of x5 it costs the same and comes first"},
    {"takes the dearer choice", "chosen x7 # g\nchosen x8 # h\nchosen x10 # lib\nchosen x11 # small\n",
     "chosen x4\nchosen x7\nchosen x8\nchosen x12\n",
     "cannot accept the cost: the solution costs bytes 235 wish 1 count 7, not bytes 215 wish 1 count 7"},
    {"takes the dearer choice and says so",
     "cost bytes 215 wish 1 count 7 # a lower level decides between equals only\nbound bytes 215 wish 1 count 7\n"
     "chosen x1 # a\nchosen x2 # app\nchosen x3 # b\nchosen x7 # g\nchosen x8 # h\nchosen x10 # lib\nchosen x11 # "
     "small\n",
     "cost bytes 235 wish 1 count 7\nbound bytes 235 wish 1 count 7\n"
     "chosen x1\nchosen x2\nchosen x3\nchosen x4\nchosen x7\nchosen x8\nchosen x12\n",
     "cannot accept the bound: the weights of the cores add up to bytes 215 wish 1 count 7, not bytes 235 wish 1 count "
     "7\n"
     "cannot accept the solution: with x10 x11 in place of x4 their part costs bytes 60 count 3, not bytes 70 count 2"},
    {"states a lower cost", "cost bytes 215", "cost bytes 214",
     "cannot accept the cost: the solution costs bytes 215 wish 1 count 7, not bytes 214 wish 1 count 7\n"
     "cannot accept the certificate: its bound, bytes 215 wish 1 count 7, is not its cost, bytes 214 wish 1 count 7"},
    {"states a higher bound", "bound bytes 215", "bound bytes 216",
     "cannot accept the bound: the weights of the cores add up to bytes 215 wish 1 count 7, not bytes 216 wish 1 count "
     "7\n"
     "cannot accept the certificate: its bound, bytes 216 wish 1 count 7, is not its cost, bytes 215 wish 1 count 7"},
    {"states a lower cost and bound",
     "cost bytes 215 wish 1 count 7 # a lower level decides between equals only\nbound bytes 215",
     "cost bytes 214 wish 1 count 7\nbound bytes 214",
     "cannot accept the cost: the solution costs bytes 215 wish 1 count 7, not bytes 214 wish 1 count 7\n"
     "cannot accept the bound: the weights of the cores add up to bytes 215 wish 1 count 7, not bytes 214 wish 1 count "
     "7"},
    {"leaves a level out", "cost bytes 215 wish 1 count 7", "cost bytes 215 count 7",
     "cannot accept the cost: the solution costs bytes 215 wish 1 count 7, not bytes 215 count 7\n"
     "cannot accept the certificate: its bound, bytes 215 wish 1 count 7, is not its cost, bytes 215 count 7"},
    {"forces by a clause that is not unit", "forced 1 #", "forced 2 #",
     "cannot accept forced line 1: clause 2 (request) has more than one open literal, it forces nothing yet\n"
     "cannot accept forced line 2: clause 8 (gate) has more than one open literal, it forces nothing yet"},
    {"forces twice", "forced 8 #", "forced 1 #",
     "cannot accept forced line 2: clause 1 (request) is met already, it forces nothing"},
    {"forces in the wrong order", "forced 1 # test asks for app (test.xml:1)\nforced 8", "forced 8\nforced 1",
     "cannot accept forced line 1: clause 8 (gate) has more than one open literal, it forces nothing yet"},
    {"forces by a soft clause", "forced 8 #", "forced 9 #",
     "cannot accept forced line 2: clause 9 (need) is soft, it forces nothing"},
    {"forces by a clause that is not there", "forced 8 #", "forced 13 #",
     "test.proof:13: cannot read the certificate: \"13\" is not a clause, the last is 12"},
    {"takes a support away", "loop x7 : x8 #", "loop x7 : #",
     "cannot accept loop 1: x8 needs x7 and is no support\n"
     "cannot accept core 7: every clause can hold while none of its literals does"},
    {"adds a support", "loop x7 : x8 #", "loop x7 : x2 x8 #",
     "cannot accept loop 1: x2 is a support and needs none of them\n"
     "cannot accept core 7: every clause can hold while none of its literals does"},
    {"calls a requested node unfounded", "loop x7 : x8 #", "loop x8 : x2 #",
     "cannot accept loop 1: clause 5 (request) asks for x8\n"
     "cannot accept core 7: every clause can hold while none of its literals does"},
    {"drops the loop", "loop x7 : x8 # nothing but gates asks for g, unless one of 1 does\n", "",
     "cannot accept core 7: every clause can hold while none of its literals does"},
    {"drops a core", "core bytes 5 count 1 : x7 # g\n", "",
     "cannot accept the bound: the weights of the cores add up to bytes 210 wish 1 count 6, not bytes 215 wish 1 count "
     "7"},
    {"repeats a core", "core bytes 5 count 1 : x7 # g\n",
     "core bytes 5 count 1 : x7 # g\ncore bytes 5 count 1 : x7 # g\n",
     "cannot accept core 7: it charges bytes 5 count 1 to x7, which has nothing left\n"
     "cannot accept the bound: the weights of the cores add up to bytes 220 wish 1 count 8, not bytes 215 wish 1 count "
     "7"},
    {"charges too much", "core bytes 30 count 1 : x4 x10", "core bytes 31 count 1 : x4 x10",
     "cannot accept core 3: it charges bytes 31 count 1 to x10, which has bytes 30 count 1 left\n"
     "cannot accept the bound: the weights of the cores add up to bytes 216 wish 1 count 7, not bytes 215 wish 1 count "
     "7"},
    {"charges too little", "core bytes 40 count 1 : x8", "core bytes 39 count 1 : x8",
     "cannot accept the bound: the weights of the cores add up to bytes 214 wish 1 count 7, not bytes 215 wish 1 count "
     "7"},
    {"charges nothing", "core bytes 40 count 1 : x8", "core nothing : x8",
     "cannot accept core 7: its weight, nothing, is not above nothing\n"
     "cannot accept the bound: the weights of the cores add up to bytes 175 wish 1 count 6, not bytes 215 wish 1 count "
     "7"},
    {"charges less than nothing", "core bytes 40 count 1 : x8", "core bytes -40 : x8",
     "cannot accept core 7: its weight, bytes -40, is not above nothing\n"
     "cannot accept the bound: the weights of the cores add up to bytes 135 wish 1 count 6, not bytes 215 wish 1 count "
     "7"},
    {"drops a literal", "x4 x11 #", "x11 #",
     "cannot accept core 2: every clause can hold while none of its literals does"},
    {"takes another literal", "x4 x10 #", "x12 x10 #",
     "cannot accept core 3: it charges bytes 30 count 1 to x12, which has bytes 10 count 1 left"},
    {"holds a literal twice", "x4 x10 #", "x4 x10 x10 #", "cannot accept core 3: it holds x10 twice"},
    {"has no literal", "core bytes 5 count 1 : x7 #", "core bytes 5 count 1 : #",
     "cannot accept core 6: it has no literals"},
    {"drops a count", "x5 c4>=2 #", "x5 #",
     "cannot accept core 5: every clause can hold while none of its literals does"},
    {"counts another core", "c4>=2", "c2>=2",
     "cannot accept core 5: every clause can hold while none of its literals does"},
    {"counts a later core", "c4>=2", "c6>=2",
     "test.proof:19: cannot read the certificate: \"c6>=2\" counts no earlier core"},
    {"counts more than there are", "c4>=2", "c4>=3",
     "test.proof:19: cannot read the certificate: \"c4>=3\" counts no 2 to 2 literals of that core"},
    {"counts the first", "c4>=2", "c4>=1",
     "test.proof:19: cannot read the certificate: \"c4>=1\" counts no 2 to 2 literals of that core"},
    {"counts a core that was not accepted", "core bytes 10 count 1 : x1 x3", "core bytes 11 count 1 : x1 x3",
     "cannot accept core 4: it charges bytes 11 count 1 to x1, which has bytes 10 count 1 left\n"
     "cannot accept core 5: at least 2 of core 4 counts a core that was not accepted\n"
     "cannot accept the bound: the weights of the cores add up to bytes 216 wish 1 count 7, not bytes 215 wish 1 count "
     "7"},
    {"takes a hard clause for a soft one", "x6 s9", "x6 s8", "cannot accept core 8: clause 8 (gate) is not soft"},
    {"swaps cores", "core bytes 10 count 1 : x1 x3 # at least one of a, b\ncore bytes 10 count 1 : x5 c4>=2 #",
     "core bytes 10 count 1 : x5 c4>=2\ncore bytes 10 count 1 : x1 x3 #",
     "test.proof:18: cannot read the certificate: \"c4>=2\" counts no earlier core"},
    {"adds up past the end", "core bytes 5 count 1 : x7", "core bytes 9223372036854775807 count 1 : x7",
     "cannot accept core 6: it charges bytes 9223372036854775807 count 1 to x7, which has bytes 5 count 1 left\n"
     "cannot accept the bound: the numbers are too large to add up"},
    {"spells a number in another way", "core bytes 5", "core bytes 05",
     "test.proof:20: cannot read the certificate: \"05\" is not an amount"},
    {"has a number that is too large", "chosen x11", "chosen x4294967297",
     "test.proof:11: cannot read the certificate: \"x4294967297\" is not a node, the last is x12"},
    {"has a negative variable", "chosen x11", "chosen -11",
     "test.proof:11: cannot read the certificate: \"-11\" is not a node"},
    {"has variable 0", "chosen x11", "chosen x0",
     "test.proof:11: cannot read the certificate: \"x0\" is not a node, they count from 1"},
    {"orders levels in another way", "core bytes 5 count 1", "core count 1 bytes 5",
     "test.proof:20: cannot read the certificate: the levels of a cost are not in order"},
    {"has two spaces", "chosen x11", "chosen  x11",
     "test.proof:11: cannot read the certificate: words are separated by one space"},
    {"has a word too many", "chosen x11 #", "chosen x11 x12 #",
     "test.proof:11: cannot read the certificate: \"x12\" is one word too many"},
    {"has an unknown line", "forced 1 #", "known 1 #",
     "test.proof:12: cannot read the certificate: \"known\" does not start a line here"},
    {"orders lines in another way", "bound bytes 215 wish 1 count 7\nchosen x1 # a\n",
     "chosen x1 # a\nbound bytes 215 wish 1 count 7\n",
     "test.proof:4: cannot read the certificate: \"chosen\" is not \"bound\""},
    {"is cut in a line", "app.manifest:4)\n", "app.manifest:4)",
     "test.proof:22: cannot read the certificate: the last line has no end, the file was cut"},
};

TEST(Certificate, MutationsAreRefusedWithTheirReason) {
  const auto made = make_universe();
  for (const Mutation& mutation : kMutations) {
    EXPECT_EQ(verdict(made, text_of(mutated(mutation), made.problem)), mutation.message) << mutation.name;
  }
}

TEST(Certificate, IsAboutOneProblem) {
  const auto made = make_universe();
  SmallUniverse other;
  other.node("app", 100).wants({"app"});
  const std::string text = text_of(kBody, other.make().problem);
  EXPECT_EQ(verdict(made, text), "test.proof:2: cannot read the certificate: it is about the problem sha256:" +
                                     text.substr(text.find("sha256:") + 7, 64) +
                                     ", this is sha256:" + digest_of(made.problem).hex());
  EXPECT_EQ(verdict(made, "winnow-certificate 1\n"),
            "test.proof:1: cannot read the certificate: it ends before its \"problem\"");
  EXPECT_EQ(verdict(made, ""), "test.proof: cannot read the certificate: it ends before its \"winnow-certificate\"");
}

// Not every certificate comes through the parser.
TEST(Certificate, NumbersOutsideTheProblemAreFaults) {
  const auto made = make_universe();
  const auto parsed = parse_certificate(text_of(kBody, made.problem), "test.proof", made.problem);
  ASSERT_TRUE(parsed);
  Certificate certificate = *parsed;
  certificate.forced.push_back(UINT32_MAX);
  certificate.loops.push_back({{UINT32_MAX}, {}});
  certificate.loops.push_back({{}, {}});
  certificate.cores.push_back({{{CoreLiteral::Kind::variable, UINT32_MAX, 0}}, Cost::of(CostLevel::bytes, 1)});
  certificate.cores.push_back({{{CoreLiteral::Kind::soft_clause, UINT32_MAX, 0}}, Cost::of(CostLevel::bytes, 1)});
  certificate.cores.push_back({{{CoreLiteral::Kind::count, UINT32_MAX, 2}}, Cost::of(CostLevel::bytes, 1)});
  certificate.cores.push_back({{{CoreLiteral::Kind::count, 0, 2}}, Cost::of(CostLevel::bytes, 1)});
  EXPECT_EQ(faults_of(check_proof(made.problem, certificate)),
            "cannot accept forced line 3: there is no clause 4294967296\n"
            "cannot accept loop 2: x4294967296 is no node\n"
            "cannot accept loop 3: it names no node\n"
            "cannot accept core 9: x4294967296 is no variable\n"
            "cannot accept core 10: there is no clause 4294967296\n"
            "cannot accept core 11: at least 2 of core 4294967296 counts no earlier core\n"
            "cannot accept core 12: at least 2 of core 1 is no new literal, that core has 1\n"
            "cannot accept the bound: the weights of the cores add up to bytes 219 wish 1 count 7, not bytes 215 wish "
            "1 count 7");
  certificate = *parsed;
  certificate.chosen.push_back(UINT32_MAX - 1);
  EXPECT_EQ(faults_of(check_proof(made.problem, certificate)), "cannot accept the solution: x4294967295 is no node");
}

// "p" brings a file that "q" has anyway: it is paid once, so that p is cheaper than r.
TEST(Certificate, SharedFilesArePaidOnce) {
  SmallUniverse small;
  small.node("p", 10).node("q", 10).node("r", 20).file("shared.dll", 50, {"p", "q"});
  small.wants({"q"}).wants({"p", "r"});
  const auto made = small.make();
  const std::string text = text_of(
      "cost bytes 70 count 2 # a lower level decides between equals only\n"
      "bound bytes 70 count 2\n"
      "chosen x1 # p\n"
      "chosen x2 # q\n"
      "forced 1 # test asks for q (test.xml:1)\n"
      "core bytes 10 count 1 : x2 # q\n"
      "core bytes 50 : x4 # a file of p and 1 more\n"
      "core bytes 10 count 1 : x1 x3 # at least one of p, r\n",
      made.problem);
  EXPECT_EQ(verdict(made, text), "");
  const auto certificate = parse_certificate(text, "test.proof", made.problem);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(print_certificate(made.universe, made.goal, made.problem, *certificate), text);
}

}  // namespace
}  // namespace winnow
