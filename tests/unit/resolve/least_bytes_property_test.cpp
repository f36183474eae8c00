// Properties of choices, over random feeds with several providers (fixed seeds): never more bytes than the first
// alternative everywhere, and the same lock file however feeds, components and requests are ordered.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "resolve/lock_file.hpp"
#include "resolve/resolve.hpp"
#include "support/feed_builder.hpp"

namespace winnow {
namespace {

using testing::FeedBuilder;

constexpr std::size_t kNames = 9;

struct RandomComponent {
  ComponentManifest manifest;
  Bytes bytes;
};

// Components in one or two versions that need one another at will, by name or by one of three capabilities.
std::vector<RandomComponent> random_components(std::mt19937& random) {
  const auto name = [](std::size_t i) { return "C" + std::to_string(i); };
  const auto selector = [&] {
    return random() % 4 == 0 ? ComponentSelector{true, "cap" + std::to_string(random() % 3), {}}
                             : ComponentSelector{false, name(random() % kNames), {}};
  };
  std::vector<RandomComponent> result;
  for (std::size_t i = 0; i < kNames; ++i) {
    for (std::uint16_t version = 1; version <= 1 + random() % 2; ++version) {
      RandomComponent made;
      made.manifest.identity = FeedBuilder::identity(name(i), {{version, 0, 0, 0}});
      for (std::size_t needs = random() % 3; needs > 0; --needs) {
        ComponentRelation relation{RelationKind::any_of, {selector(), selector()}, 0};
        if (random() % 8 == 0) relation = {RelationKind::conflict, {selector()}, 0};
        made.manifest.relations.push_back(relation);
      }
      if (random() % 2 == 0 || i < 3) made.manifest.provides = {"cap" + std::to_string(i % 3)};
      made.manifest.files = {{name(i), name(i), "$(runtime.system32)", 0, 0, {}, ""}};
      made.bytes.resize(random() % 30'000, static_cast<std::uint8_t>(version));
      result.push_back(std::move(made));
    }
  }
  return result;
}

// The first alternative everywhere, as a plain closure does it; nothing when that breaks a hard clause.
std::optional<std::vector<Variable>> first_alternatives(const Problem& problem) {
  std::set<Variable> in;
  const auto is_true = [&](Literal literal) { return in.contains(variable_of(literal)) == (literal > 0); };
  for (bool again = true; again;) {
    again = false;
    for (const Clause& clause : problem.clauses) {
      if (clause.kind != ClauseKind::request && clause.kind != ClauseKind::need) continue;
      const auto literals = problem.literals_of(clause);
      const auto first = std::find_if(literals.begin(), literals.end(), [](Literal literal) { return literal > 0; });
      if (first == literals.end() || std::any_of(literals.begin(), literals.end(), is_true)) continue;
      in.insert(variable_of(*first));
      again = true;
    }
  }
  for (const Clause& clause : problem.clauses) {
    const auto literals = problem.literals_of(clause);
    if (clause.soft != kHard || clause.kind == ClauseKind::file) continue;
    if (std::none_of(literals.begin(), literals.end(), is_true)) return std::nullopt;
  }
  return std::vector<Variable>(in.begin(), in.end());
}

struct Made {
  std::string lock;  // or why there is none
  std::optional<Decision> decision;
};

Made make(const std::vector<RandomComponent>& components, const std::vector<std::size_t>& order, bool other_feeds_first,
          Request request) {
  FeedBuilder a("a", "1"), b("b", "1");
  for (const std::size_t i : order) {
    const std::string& file = components[i].manifest.files[0].name;
    (i % 2 == 0 ? a : b).component(components[i].manifest, {{file, components[i].bytes}});
  }
  std::vector<std::filesystem::path> feeds = {a.write(), b.write()};
  if (other_feeds_first) std::swap(feeds[0], feeds[1]);
  const auto catalog = Catalog::load(feeds);
  EXPECT_TRUE(catalog);
  auto decision = decide(request, *catalog);
  EXPECT_TRUE(decision);
  Made made;
  if (const auto* solution = std::get_if<Solution>(&decision->resolution)) {
    EXPECT_EQ(check_solution(request, *catalog, *solution)->size(), 0u);
    made.lock = print_lock("i:1 10.0.0.0", "app", {}, *catalog, *solution, locked_choice(decision->choice));
  } else {
    made.lock = "unsatisfiable";
  }
  made.decision = std::move(*decision);
  return made;
}

class LeastBytes : public ::testing::TestWithParam<unsigned> {};

TEST_P(LeastBytes, NeverMoreThanFirstAlternativesInWhateverOrder) {
  std::mt19937 random(GetParam());
  const std::vector<RandomComponent> components = random_components(random);
  Request request;
  request.app = "shop";
  for (int i = 0; i < 3; ++i) request.components.push_back({"C" + std::to_string(random() % kNames), {}});
  std::vector<std::size_t> order(components.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const Made made = make(components, order, false, request);

  const Problem& problem = made.decision->choice.problem;
  if (const auto naive = first_alternatives(problem)) {
    ASSERT_EQ(made.decision->choice.optimum.verdict, Verdict::optimal);
    EXPECT_LE(made.decision->choice.optimum.cost, cost_of(problem, *naive));
  }
  std::shuffle(order.begin(), order.end(), random);
  std::reverse(request.components.begin(), request.components.end());
  EXPECT_EQ(make(components, order, true, request).lock, made.lock);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LeastBytes, ::testing::Range(1u, 31u));

}  // namespace
}  // namespace winnow
