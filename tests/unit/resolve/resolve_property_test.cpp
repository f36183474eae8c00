// Properties of every Solution, over random feeds (fixed seeds): needs are met, nothing is superfluous, order decides
// nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "resolve/resolve.hpp"
#include "support/feed_builder.hpp"

namespace winnow {
namespace {

constexpr std::size_t kModules = 12;

std::string module_name(std::size_t i) { return "m" + std::to_string(i) + ".dll"; }

// Modules that import each other at will (cycles included); the first is the product.
struct Universe {
  std::vector<std::vector<std::string>> imports;

  explicit Universe(unsigned seed) {
    std::mt19937 random(seed);
    for (std::size_t i = 0; i < kModules; ++i) {
      imports.emplace_back();
      for (std::size_t k = 0; k < kModules; ++k) {
        if (k != i && random() % 6 == 0) imports[i].push_back(module_name(k));
      }
    }
  }

  // The modules in the order of `order`: what a feed maker writes first must not matter.
  [[nodiscard]] testing::FeedBuilder feed(const std::vector<std::size_t>& order) const {
    testing::FeedBuilder feed;
    for (const std::size_t i : order) feed.module(module_name(i), {.imports = imports[i]});
    feed.role("base", {module_name(0)}, {.product = true});
    return feed;
  }
};

Request random_request(unsigned seed) {
  std::mt19937 random(seed);
  Request request;
  request.app = "app";
  for (const char* path : {"app\\a.exe", "app\\b.dll"}) {
    AppModule module;
    module.path = *WindowsPath::parse(path);
    module.needs.machine = Machine::amd64;
    for (std::size_t i = 0; i < kModules; ++i) {
      if (random() % 5 == 0) module.needs.imports.push_back(module_name(i));
    }
    request.modules.push_back(std::move(module));
  }
  return request;
}

Solution solve(const Request& request, const Catalog& catalog) {
  auto resolution = resolve(request, catalog);
  if (!resolution || !std::holds_alternative<Solution>(*resolution)) throw std::runtime_error("no solution");
  return std::get<Solution>(std::move(*resolution));
}

std::vector<std::string> text_of(const Solution& solution, const Catalog& catalog) {
  std::vector<std::string> lines;
  for (const Member& member : solution.members) {
    for (const Reason& reason : member.reasons) {
      lines.push_back(catalog.components()[member.id].identity.name + ": " + reason.from + " " + reason.need);
    }
  }
  return lines;
}

class ResolveProperty : public ::testing::TestWithParam<unsigned> {};

TEST_P(ResolveProperty, NeedsAreMetNothingIsSuperfluousAndOrderDecidesNothing) {
  const Universe universe(GetParam());
  std::vector<std::size_t> order(kModules);
  for (std::size_t i = 0; i < kModules; ++i) order[i] = i;
  testing::FeedBuilder feed = universe.feed(order);
  const auto catalog = Catalog::load({feed.write()});
  ASSERT_TRUE(catalog) << to_string(catalog.error());
  Request request = random_request(GetParam());
  const Solution solution = solve(request, *catalog);
  EXPECT_EQ(check_solution(request, *catalog, solution)->size(), 0u);

  for (const Member& member : solution.members) {
    const auto chain = chain_to(solution, member.id);
    EXPECT_FALSE(chain.front().reason.by.has_value()) << "the chain starts at the request";
    EXPECT_EQ(chain.back().component, member.id);
    if (member.reasons.front().kind == ReasonKind::product) continue;
    Solution without = solution;
    std::erase_if(without.members, [&](const Member& other) { return other.id == member.id; });
    EXPECT_GT(check_solution(request, *catalog, without)->size(), 0u)
        << catalog->components()[member.id].identity.name << " is superfluous";
  }

  std::mt19937 random(GetParam() + 1000);
  std::shuffle(order.begin(), order.end(), random);
  std::reverse(request.modules.begin(), request.modules.end());
  for (AppModule& module : request.modules) std::reverse(module.needs.imports.begin(), module.needs.imports.end());
  testing::FeedBuilder shuffled = universe.feed(order);
  const auto other = Catalog::load({shuffled.write()});
  ASSERT_TRUE(other);
  std::vector<std::string> expected = text_of(solution, *catalog);
  std::vector<std::string> actual = text_of(solve(request, *other), *other);
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  EXPECT_EQ(actual, expected);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ResolveProperty, ::testing::Range(1u, 21u));

}  // namespace
}  // namespace winnow
