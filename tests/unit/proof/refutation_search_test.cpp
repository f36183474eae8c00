// The checker's search against trying every set of values.
#include "resolve/proof/refutation_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace winnow {
namespace {

struct CountRule {
  std::vector<Literal> literals;
  std::uint32_t at_least = 0;
  Literal threshold = 0;
};

struct Case {
  std::uint32_t variables = 0;
  std::vector<std::vector<Literal>> clauses;
  std::vector<CountRule> counts;
};

class CaseMaker {
 public:
  explicit CaseMaker(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  Literal literal(std::uint32_t variables) {
    const Variable variable = below(variables);
    return below(2) == 0 ? positive(variable) : negative(variable);
  }
  std::vector<Literal> distinct(std::uint32_t variables, std::size_t size) {
    std::vector<Literal> literals;
    while (literals.size() < size) {
      const Literal next = literal(variables);
      const auto is_same = [next](Literal other) { return variable_of(other) == variable_of(next); };
      if (std::none_of(literals.begin(), literals.end(), is_same)) literals.push_back(next);
    }
    return literals;
  }
  Case make() {
    Case made;
    made.variables = 6 + below(4);
    const std::uint32_t clauses = made.variables * 2 + below(made.variables * 2);
    for (std::uint32_t i = 0; i < clauses; ++i) made.clauses.push_back(distinct(made.variables, 2 + below(3)));
    for (std::uint32_t i = below(4); i > 0; --i) {
      CountRule rule;
      rule.literals = distinct(made.variables - 1, 3 + below(3));
      rule.at_least = 1 + below(static_cast<std::uint32_t>(rule.literals.size()));
      rule.threshold = below(2) == 0 ? positive(made.variables - 1) : negative(made.variables - 1);
      made.counts.push_back(rule);
    }
    return made;
  }

 private:
  std::mt19937 random_;
};

bool holds(Literal literal, std::uint32_t values) {
  return ((values >> variable_of(literal) & 1) != 0) == (literal > 0);
}

bool is_model(const Case& of, std::span<const Literal> assumptions, std::uint32_t values) {
  const auto is_true = [values](Literal literal) { return holds(literal, values); };
  for (const auto& clause : of.clauses) {
    if (std::none_of(clause.begin(), clause.end(), is_true)) return false;
  }
  for (const CountRule& rule : of.counts) {
    const auto count = std::count_if(rule.literals.begin(), rule.literals.end(), is_true);
    if (static_cast<std::uint32_t>(count) >= rule.at_least && !is_true(rule.threshold)) return false;
  }
  return std::all_of(assumptions.begin(), assumptions.end(), is_true);
}

bool has_model(const Case& of, std::span<const Literal> assumptions) {
  for (std::uint32_t values = 0; values < std::uint32_t{1} << of.variables; ++values) {
    if (is_model(of, assumptions, values)) return true;
  }
  return false;
}

RefutationSearch search_of(const Case& of) {
  RefutationSearch search(of.variables);
  for (const auto& clause : of.clauses) search.add_clause(clause);
  for (const CountRule& rule : of.counts) {
    const RefutationSearch::Threshold threshold{rule.at_least, rule.threshold};
    search.add_count(rule.literals, {&threshold, 1});
  }
  return search;
}

TEST(RefutationSearch, AgreesWithTryingEverySet) {
  CaseMaker maker(7);
  int refuted = 0;
  for (int i = 0; i < 300; ++i) {
    const Case of = maker.make();
    RefutationSearch search = search_of(of);
    for (int k = 0; k < 4; ++k) {  // one search, asked again and again
      const auto assumptions = maker.distinct(of.variables, maker.below(4));
      const Refutation answer = search.refute(assumptions, 1'000'000);
      ASSERT_EQ(answer == Refutation::model, has_model(of, assumptions)) << "case " << i << ", question " << k;
      refuted += answer == Refutation::refuted ? 1 : 0;
      if (answer != Refutation::model) continue;
      std::uint32_t values = 0;
      for (Variable v = 0; v < of.variables; ++v) values |= (search.value(positive(v)) > 0 ? 1U : 0U) << v;
      ASSERT_TRUE(is_model(of, assumptions, values)) << "case " << i << ", question " << k;
      search.forget_model();
    }
  }
  EXPECT_GT(refuted, 200);
  EXPECT_LT(refuted, 1000);
}

// Six birds, five holes: nothing but search shows that it cannot be; restarts and learned clauses are used.
TEST(RefutationSearch, RefutesWhatNeedsManyConflicts) {
  constexpr std::uint32_t kBirds = 7, kHoles = 6;
  RefutationSearch search(kBirds * kHoles);
  const auto sits = [](std::uint32_t bird, std::uint32_t hole) { return positive(bird * kHoles + hole); };
  for (std::uint32_t bird = 0; bird < kBirds; ++bird) {
    std::vector<Literal> somewhere;
    for (std::uint32_t hole = 0; hole < kHoles; ++hole) somewhere.push_back(sits(bird, hole));
    search.add_clause(somewhere);
  }
  for (std::uint32_t hole = 0; hole < kHoles; ++hole) {
    for (std::uint32_t a = 0; a < kBirds; ++a) {
      for (std::uint32_t b = a + 1; b < kBirds; ++b) {
        search.add_clause(std::vector{-sits(a, hole), -sits(b, hole)});
      }
    }
  }
  EXPECT_EQ(search.refute({}, 10), Refutation::limit);
  EXPECT_EQ(search.refute({}, 1'000'000), Refutation::refuted);
}

}  // namespace
}  // namespace winnow
