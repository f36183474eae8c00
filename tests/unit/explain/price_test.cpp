// Prices and necessity on random small universes: against the goal solved anew, and against every subset.
#include "resolve/explain/price.hpp"

#include <gtest/gtest.h>

#include "resolve/explain/choice_graph.hpp"
#include "resolve/explain/necessity.hpp"
#include "resolve/explain/what_if.hpp"
#include "resolve/explain/why.hpp"
#include "resolve/explain/why_not.hpp"
#include "support/case_file.hpp"
#include "unit/explain/random_question.hpp"

namespace winnow {
namespace {

using namespace testing;

TEST(Pricing, EqualsTheGoalSolvedAnew) {
  RandomQuestion random(3);
  ComponentCache cache;
  int prices = 0;
  for (int round = 0; round < 500; ++round) {
    const auto [universe, goal] = random.make();
    const Problem problem = make_problem(universe, goal);
    const Optimum optimum = minimize(problem);
    if (optimum.verdict != Verdict::optimal) continue;
    const Settled settled{universe, goal, problem, optimum};
    for (const Variable variable : optimum.chosen) {
      const Price price = Pricing(settled, cache).without(variable);
      Goal changed = goal;
      changed.forbidden.push_back({problem.nodes[variable], "is forbidden", {}});
      const Optimum anew = minimize(make_problem(universe, changed));
      ASSERT_EQ(price.verdict, anew.verdict) << "round " << round;
      ASSERT_EQ(price.verdict == Verdict::unsatisfiable, !can_be(universe, changed)) << "round " << round;
      if (price.verdict == Verdict::optimal) {
        ASSERT_EQ(price.change + optimum.cost, anew.cost) << "round " << round;
      }
      ++prices;
    }
  }
  EXPECT_GT(prices, 200);
}

TEST(Necessity, IsNeverClaimedOfWhatCanBeMissing) {
  RandomQuestion random(4);
  int derived = 0, with_ways = 0;
  for (int round = 0; round < 600; ++round) {
    const auto [universe, goal] = random.make();
    if (!can_be(universe, goal)) continue;
    const Problem problem = make_problem(universe, goal);
    const Necessity necessity(problem);
    for (Variable variable = 0; variable < problem.node_count(); ++variable) {
      Goal without = goal;
      without.forbidden.push_back({problem.nodes[variable], "is forbidden", {}});
      const bool is_needed = !can_be(universe, without);
      const auto derivation = necessity.derive(variable);
      ASSERT_TRUE(is_needed || !derivation) << "round " << round << ", " << universe.name_of(problem.nodes[variable]);
      ASSERT_TRUE(is_needed || !necessity.is_forced(variable)) << "round " << round;
      derived += derivation ? 1 : 0;
      with_ways += derivation && !derivation->ways.empty() ? 1 : 0;
    }
  }
  EXPECT_GT(derived, 300);
  EXPECT_GT(with_ways, 10);
}

// Every explanation as JSON: what a program reads from the universe of tests/cases/chosen.case.
class ExplainJson : public ::testing::Test {
 protected:
  CaseFile file = CaseParser::load(std::string(WINNOW_SOURCE_DIR) + "/tests/cases/chosen.case");
  Problem problem = make_problem(file.universe, file.goal);
  Optimum optimum = minimize(problem);
  Settled settled{file.universe, file.goal, problem, optimum};
  ComponentCache cache;

  [[nodiscard]] Variable variable(const std::string& name) const {
    return *problem.variable_of_node(nodes_named(file.universe, name).front());
  }
  [[nodiscard]] NamedNodes named(const std::string& name) const { return {name, nodes_named(file.universe, name)}; }
};

TEST_F(ExplainJson, Why) {
  EXPECT_EQ(
      to_json(settled, explain_why(settled, variable("openssl"), cache)).dump(),
      R"({"schema":"winnow-why-2","app":"shop","component":"openssl","isIn":true,"necessary":"chosen","chain":[)"
      R"({"kind":"request","from":"shop","need":"asks for web","place":"chosen.case:17","components":["web"]},)"
      R"({"kind":"dependency","from":"web","need":"needs tls","place":"chosen.case:3","components":["openssl"]}],)"
      R"("ways":[],"clash":[],)"
      R"("without":{"possible":true,"proven":true,"bytes":8192,"cost":{"bytes":8192}},)"
      R"("insteadOf":"openssl","others":[)"
      R"({"component":"mbedtls","price":{"possible":true,"proven":true,"bytes":8192,"cost":{"bytes":8192}}},)"
      R"({"component":"gnutls","price":{"possible":true,"proven":true,"bytes":475136,"cost":{"bytes":475136,)"
      R"("count":1}}}],"alsoNeededBy":[],"bytes":12288,"retainedBytes":16384,"leaves":["legacy"]})");
}

TEST_F(ExplainJson, WhyNot) {
  EXPECT_EQ(
      to_json(settled, explain_why_not(settled, named("old-tls"), cache)).dump(),
      R"({"schema":"winnow-why-not-1","app":"shop","component":"old-tls","isIn":false,"possible":false,)"
      R"("proven":true,"measure":"allocated","bytesBefore":24576,)"
      R"x("clash":["because old-tls is excluded (chosen.case:18)"],"repairs":[{"drop":[],"allow":["old-tls"]}]})x");
}

TEST_F(ExplainJson, WhatIf) {
  WhatIf what;
  what.forbid.push_back(named("openssl"));
  const Goal goal = changed_goal(file.goal, what).value();
  EXPECT_EQ(to_json(settled, what, try_goal(settled, goal, hypothesis_of(what), cache)).dump(),
            R"({"schema":"winnow-what-if-1","app":"shop","forbid":["openssl"],"drop":[],"add":[],"possible":true,)"
            R"("proven":true,"measure":"allocated","bytesBefore":24576,"bytesAfter":32768,)"
            R"("leaves":[{"component":"legacy","bytes":4096},{"component":"openssl","bytes":12288}],)"
            R"("comes":[{"component":"mbedtls","bytes":16384},{"component":"p11","bytes":8192}]})");
  EXPECT_EQ(to_json(settled, forbid_each(settled, cache)).dump(),
            R"({"schema":"winnow-what-if-table-1","app":"shop","measure":"allocated","bytes":24576,"rows":[)"
            R"({"component":"legacy","price":{"possible":true,"proven":true,"bytes":8192,"cost":{"bytes":8192}},)"
            R"("comes":["mbedtls","p11"],"leaves":["openssl"]},)"
            R"({"component":"openssl","price":{"possible":true,"proven":true,"bytes":8192,"cost":{"bytes":8192}},)"
            R"("comes":["mbedtls","p11"],"leaves":["legacy"]}],"forced":["web"]})");
}

TEST_F(ExplainJson, Graph) {
  EXPECT_EQ(to_json(settled, make_choice_graph(settled)).dump(),
            R"({"schema":"winnow-graph-1","app":"shop","measure":"allocated","nodes":[)"
            R"({"name":"legacy","version":"3.0","architecture":"amd64","language":"","bytes":4096,)"
            R"("retainedBytes":4096,"leaves":[]},)"
            R"({"name":"openssl","version":"3.0","architecture":"amd64","language":"","bytes":12288,)"
            R"("retainedBytes":16384,"leaves":[0]},)"
            R"({"name":"web","version":"1.0","architecture":"amd64","language":"","bytes":8192,)"
            R"("retainedBytes":24576,"leaves":[0,1]}],"edges":[)"
            R"({"from":null,"to":2,"kind":"request","soft":false,"subject":"shop","text":"asks for web",)"
            R"("place":"chosen.case:17"},)"
            R"({"from":1,"to":0,"kind":"dependency","soft":false,"subject":"openssl","text":"needs legacy",)"
            R"("place":"chosen.case:10"},)"
            R"({"from":2,"to":1,"kind":"dependency","soft":false,"subject":"web","text":"needs tls",)"
            R"("place":"chosen.case:3"}]})");
}

}  // namespace
}  // namespace winnow
