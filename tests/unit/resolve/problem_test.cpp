// The clauses that a goal makes of a universe, under every policy.
#include "resolve/problem.hpp"

#include <gtest/gtest.h>

#include <string>

#include "resolve/universe_builder.hpp"

namespace winnow {
namespace {

// app -> a -> (b | c), a recommends d, b imports e late, c conflicts with e, b and c share a file, d has a German
// satellite, e is gated by g, which nothing pulls in.
class ProblemTest : public ::testing::Test {
 protected:
  ProblemTest() {
    UniverseBuilder builder;
    NodeId handle = 0;
    for (const char* name : {"a", "b", "c", "d", "d.de", "e", "g"}) {
      NewNode node;
      node.name = name;
      node.version = "1.0";
      node.bytes = {4096 * (handle + 1), 1000, 500};
      handle = builder.add_node(node) + 1;
    }
    const auto need = [&](NodeId from, NeedKind kind, std::vector<NodeId> targets, std::string language = "") {
      NewNeed row;
      row.kind = kind;
      row.any_of = std::move(targets);
      row.from = std::string(1, "abcdDeg"[from]);
      row.text = "asks";
      row.file = row.from + ".manifest";
      row.line = 7;
      row.language = std::move(language);
      builder.add_need(from, row);
    };
    need(a, NeedKind::dependency, {b, c});
    need(a, NeedKind::recommended, {d});
    need(b, NeedKind::delay_import, {e});
    need(b, NeedKind::named, {});
    need(d, NeedKind::language, {de}, "de-de");
    need(e, NeedKind::gate, {g});
    builder.add_conflict(c, e, "conflicts with e", "c.manifest", 3);
    builder.add_shared_file(b, "x", {100, 100, 100});
    builder.add_shared_file(c, "x", {100, 100, 100});
    universe = std::move(builder).build();
    goal.app = "app";
    goal.items.push_back({{a}, "app", "asks for a", "a", {"app.xml", 1, 0}, false});
  }

  // One line for each clause: "kind: -a b c", " soft level amount" behind it.
  [[nodiscard]] std::string clauses() const {
    const Problem problem = make_problem(universe, goal);
    std::string text;
    for (const Clause& clause : problem.clauses) {
      text += std::string(to_string(clause.kind)) + ":";
      for (const Literal literal : problem.literals_of(clause)) {
        const Variable variable = variable_of(literal);
        const bool is_node = variable < problem.node_count();
        text += literal < 0 ? " -" : " ";
        text += is_node ? universe.name_of(problem.nodes[variable]) : "file";
      }
      if (clause.soft != kHard) {
        for (std::size_t i = 0; i < kCostLevels; ++i) {
          const auto level = static_cast<CostLevel>(i);
          const auto amount = problem.soft_costs[clause.soft][level];
          if (amount != 0) text += " soft " + std::string(to_string(level)) + " " + std::to_string(amount);
        }
      }
      text += "\n";
    }
    return text;
  }

  static constexpr NodeId a = 0, b = 1, c = 2, d = 3, de = 4, e = 5, g = 6;  // names are in canonical order
  Universe universe;
  Goal goal;
};

TEST_F(ProblemTest, ReachesOnlyWhatIsFollowed) {
  EXPECT_EQ(clauses(),
            "request: a\n"
            "need: -a b c\n"
            "file: -b file\n"
            "file: -c file\n");
}

TEST_F(ProblemTest, SoftNeedsCostAPenaltyAndAGateReachesNothing) {
  goal.follow_soft_needs = true;
  EXPECT_EQ(clauses(),
            "request: a\n"
            "need: -a b c\n"
            "need: -b e soft penalty 1\n"
            "gate: -e\n"
            "conflict: -c -e\n"
            "file: -b file\n"
            "file: -c file\n");
}

TEST_F(ProblemTest, RecommendedIsAPenaltyOrAWishAndLanguagesAreChosen) {
  goal.recommended = RecommendedPolicy::on;
  goal.languages = {"de-de"};
  EXPECT_EQ(clauses(),
            "request: a\n"
            "need: -a b c\n"
            "need: -a d soft penalty 1\n"
            "need: -d d.de\n"
            "file: -b file\n"
            "file: -c file\n");
  goal.recommended = RecommendedPolicy::if_free;
  goal.languages.clear();
  EXPECT_EQ(clauses(),
            "request: a\n"
            "need: -a b c\n"
            "need: -a d soft wish 1\n"
            "file: -b file\n"
            "file: -c file\n");
}

TEST_F(ProblemTest, ForbiddenOmittedAndPreferred) {
  goal.prefer_threshold = 5000;
  goal.forbidden.push_back({c, "is excluded", {"app.xml", 2, 0}});
  EXPECT_EQ(clauses(),
            "request: a\n"
            "need: -a b c\n"
            "prefer: -a b soft bytes 4999\n"
            "forbidden: -c\n"
            "file: -b file\n"
            "file: -c file\n");
  goal.omitted = {c};
  EXPECT_EQ(clauses(), "request: a\n") << "what c satisfies is taken as satisfied";
}

TEST_F(ProblemTest, KeepsToALockFile) {
  goal.keep = {a, c};
  EXPECT_EQ(clauses(),
            "request: a\n"
            "need: -a b c\n"
            "file: -b file\n"
            "file: -c file\n"
            "keep: a soft change 1\n"
            "keep: c soft change 1\n");
  const Problem problem = make_problem(universe, goal);
  EXPECT_EQ(problem.costs[1][CostLevel::change], 1) << "b is new";
  EXPECT_EQ(problem.costs[2][CostLevel::change], 0);
}

TEST_F(ProblemTest, CostsCountASharedFileOnce) {
  const Problem problem = make_problem(universe, goal);
  const std::vector<Variable> one = {0, 1}, both = {0, 1, 2};
  EXPECT_EQ(cost_of(problem, one)[CostLevel::bytes], 4096 + 2 * 4096 + 100);
  EXPECT_EQ(cost_of(problem, both)[CostLevel::bytes], 4096 + 2 * 4096 + 3 * 4096 + 100);
  EXPECT_EQ(cost_of(problem, both)[CostLevel::count], 3);
  goal.measure = SizeMeasure::logical;
  EXPECT_EQ(cost_of(make_problem(universe, goal), one)[CostLevel::bytes], 2100);
}

TEST_F(ProblemTest, DescribesClausesWithTheirPlaces) {
  goal.follow_soft_needs = true;
  const Problem problem = make_problem(universe, goal);
  std::string text;
  for (const Clause& clause : problem.clauses) {
    const ClauseText row = describe(universe, goal, problem, clause);
    text += row.from + " " + row.text + " (" + to_string(row.place) + ")\n";
  }
  EXPECT_EQ(text,
            "app asks for a (app.xml:1)\n"
            "a asks (a.manifest:7)\n"
            "b asks (b.manifest:7)\n"
            "e asks (e.manifest:7)\n"
            "c conflicts with e (c.manifest:3)\n"
            "b brings a file that others bring too ()\n"
            "c brings a file that others bring too ()\n");
}

}  // namespace
}  // namespace winnow
