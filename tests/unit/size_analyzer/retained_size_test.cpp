#include "size_analyzer/retained_size.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "size_analyzer/retained_text.hpp"
#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using testing::FactsBuilder;

std::vector<std::string> names_of(const ImageFacts& facts, const std::vector<OwnerIndex>& owners) {
  std::vector<std::string> names;
  for (const OwnerIndex owner : owners) names.push_back(facts.owners[owner].name);
  return names;
}

// shop needs web and log; web needs tls, which log may use as well; tls alone needs math.
ImageFacts shop() {
  return FactsBuilder()
      .app("shop")
      .component("net", "web")
      .component("net", "tls")
      .component("base", "log")
      .component("base", "math")
      .needs("shop", "web", "import", "shop.exe imports web.dll")
      .needs("shop", "log", "import", "shop.exe imports log.dll")
      .needs("web", "tls", "import", "web.dll imports tls.dll")
      .needs("log", "tls", "delay-import", "log.dll delay-imports tls.dll")
      .needs("tls", "math", "import", "tls.dll imports math.dll")
      .file("shop.exe", "shop", {100, 4096, 50})
      .file("web.dll", "web", {1000, 4096, 500})
      .file("tls.dll", "tls", {2000, 4096, 900})
      .file("log.dll", "log", {300, 4096, 100})
      .file("math.dll", "math", {50, 4096, 40})
      .build();
}

TEST(RetainedSize, CountsWhatOnlyOneOwnerKeeps) {
  const ImageFacts facts = shop();
  const std::vector<Retained> rows = retained_sizes(facts, Measure::logical);
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(facts.owners[rows[0].owner].name, "shop");
  EXPECT_EQ(rows[0].retained, (Sizes{3450, 5 * 4096, 1590}));
  EXPECT_EQ(facts.owners[rows[1].owner].name, "tls");
  EXPECT_EQ(rows[1].retained, (Sizes{2050, 2 * 4096, 940}));
  EXPECT_EQ(rows[1].own, (Sizes{2000, 4096, 900}));
  EXPECT_EQ(names_of(facts, rows[1].takes), std::vector<std::string>{"math"});
  EXPECT_EQ(facts.owners[rows[1].kept_by].name, "shop");
  EXPECT_EQ(facts.owners[rows[2].owner].name, "web");
  EXPECT_EQ(rows[2].retained, (Sizes{1000, 4096, 500}));  // log keeps tls
}

TEST(RetainedSize, ACutOfTwoFreesMoreThanTheirSum) {
  const ImageFacts facts = shop();
  const auto both = find_owners(facts, {"WEB", "log"});
  ASSERT_TRUE(both);
  const Cut cut = measure_cut(facts, *both);
  EXPECT_EQ(cut.freed.logical, 3350u);
  EXPECT_EQ(names_of(facts, cut.takes), (std::vector<std::string>{"math", "tls"}));
  ASSERT_EQ(cut.breaks.size(), 2u);
  EXPECT_EQ(cut.hard, 2u);
  EXPECT_EQ(cut.breaks[0].text, "shop.exe imports log.dll");
  const auto unknown = find_owners(facts, {"tsl"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(to_string(unknown.error()), "cannot cut tsl: no owner of test.tar has that name");
}

TEST(RetainedSize, TheCheapestCutBreaksLeast) {
  const ImageFacts facts = FactsBuilder()
                               .app("shop")
                               .component("net", "web")
                               .component("net", "help")
                               .needs("shop", "web", "import", "shop.exe imports web.dll")
                               .needs("web", "help", "named", "web.dll names help.dll")
                               .file("shop.exe", "shop", {100, 0, 0})
                               .file("web.dll", "web", {1000, 0, 0})
                               .file("help.dll", "help", {10, 0, 0})
                               .build();
  const std::vector<Cut> cuts = cheapest_cuts(facts, Measure::logical, 2);
  ASSERT_EQ(cuts.size(), 2u);
  EXPECT_EQ(facts.owners[cuts[0].removed[0]].name, "help");
  EXPECT_EQ(cuts[0].hard, 0u);
  EXPECT_EQ(cuts[0].breaks.at(0).text, "web.dll names help.dll");
  EXPECT_EQ(facts.owners[cuts[1].removed[0]].name, "web");
  EXPECT_EQ(cuts[1].hard, 1u);
}

TEST(RetainedSize, TextsSayWhatLeavesAndWhatBreaks) {
  const ImageFacts facts = shop();
  EXPECT_EQ(print_retained(facts, retained_sizes(facts, Measure::logical), Measure::logical, 3),
            "test.tar: what leaves with each owner, in logical bytes\n"
            "\n"
            "       retained            own   takes  owner\n"
            "          3,450            100       4  shop, requested\n"
            "          2,050          2,000       1  tls, only here because of shop\n"
            "          1,000          1,000       0  web, only here because of shop\n"
            "and 2 smaller owners\n");
  EXPECT_EQ(print_cuts(facts, {measure_cut(facts, *find_owners(facts, {"tls"}))}),
            "test.tar: what taking components out would free and break\n"
            "\n"
            "  without tls: frees 2,050 bytes of files, 8,192 allocated, 940 stored\n"
            "    takes 1 other with it: math\n"
            "    breaks 1 hard need and 1 on demand:\n"
            "      log.dll delay-imports tls.dll (log)\n"
            "      web.dll imports tls.dll (web)\n");
  EXPECT_EQ(cuts_json(facts, {measure_cut(facts, *find_owners(facts, {"math"}))})["cuts"].dump(),
            R"([{"removed":["math"],"takes":[],"freed":{"logical":50,"allocated":4096,"stored":40},)"
            R"("registry":{"logical":0,"allocated":0,"stored":0},"hardNeeds":1,)"
            R"("breaks":[{"from":"tls","to":"math","kind":"import","text":"tls.dll imports math.dll"}]}])");
}

TEST(RetainedSize, SharedContentLeavesWithTheLastOwner) {
  FileFacts first;
  first.path = "a/one.dll";
  first.content = 7;
  first.sizes = {500, 4096, 500};
  FileFacts second = first;
  second.path = "b/one.dll";
  const ImageFacts facts = FactsBuilder()
                               .app("shop")
                               .component("x", "a")
                               .component("x", "b")
                               .component("x", "ab")
                               .needs("shop", "ab")
                               .needs("ab", "a")
                               .needs("ab", "b")
                               .file_facts(first, "a")
                               .file_facts(second, "b")
                               .build();
  EXPECT_EQ(measure_cut(facts, *find_owners(facts, {"a"})).freed.logical, 0u);
  EXPECT_EQ(measure_cut(facts, *find_owners(facts, {"a", "b"})).freed.logical, 1000u);
  EXPECT_EQ(measure_cut(facts, *find_owners(facts, {"ab"})).freed.logical, 1000u);
  const std::vector<Retained> rows = retained_sizes(facts, Measure::logical);
  const auto of = [&](const std::string& name) {
    return std::find_if(rows.begin(), rows.end(),
                        [&](const Retained& row) { return facts.owners[row.owner].name == name; });
  };
  EXPECT_EQ(of("a")->retained.logical, 0u);
  EXPECT_EQ(of("ab")->retained.logical, 1000u);
}

// Against the definition: what is no longer reachable when one owner is taken out. Graphs have circles and islands.
class RetainedProperty : public ::testing::TestWithParam<unsigned> {};

TEST_P(RetainedProperty, DominatorsAreWhatTakingOutShows) {
  std::mt19937 random(GetParam());
  const unsigned owners = 2 + static_cast<unsigned>(random() % 40);
  FactsBuilder builder;
  for (unsigned i = 0; i < owners; ++i) builder.component("p", "c" + std::to_string(i));
  for (unsigned i = 0; i < owners * 2; ++i) {
    builder.needs("c" + std::to_string(random() % owners), "c" + std::to_string(random() % owners));
  }
  for (unsigned i = 0; i < owners; ++i) {
    FileFacts file;
    file.path = "f" + std::to_string(i);
    file.sizes = {1u << i % 20, 0, 0};
    if (random() % 4 == 0) file.content = static_cast<std::uint32_t>(random() % 4);
    builder.file_facts(file, "c" + std::to_string(i));
  }
  const ImageFacts facts = builder.build();
  for (const Retained& row : retained_sizes(facts, Measure::logical)) {
    const Cut cut = measure_cut(facts, {row.owner});
    EXPECT_EQ(cut.freed, row.retained) << facts.owners[row.owner].name;
    EXPECT_EQ(cut.takes, row.takes) << facts.owners[row.owner].name;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RetainedProperty, ::testing::Range(0u, 15u));

}  // namespace
}  // namespace winnow
