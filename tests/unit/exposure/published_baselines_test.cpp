// Published figures: the file that ships, its arithmetic, and that nothing measured is divided by them.
#include "size_analyzer/published_baselines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using namespace testing;
using ::testing::HasSubstr;

PublishedBaselines shipped() {
  auto loaded = PublishedBaselines::load(WINNOW_SOURCE_DIR "/packages/baselines/published.json");
  EXPECT_TRUE(loaded) << to_string(loaded.error());
  return loaded ? *std::move(loaded) : PublishedBaselines{};
}

ImageFacts small_image() {
  ImageFacts facts;
  facts.name = "node.tar";
  facts.total = {70'000'000, 71'000'000, 25'000'000};
  return facts;
}

TEST(PublishedBaselines, HaveSourceAndDateEach) {
  const PublishedBaselines all = shipped();
  EXPECT_GE(all.all().size(), 20U);
  for (const PublishedBaseline& baseline : all.all()) {
    EXPECT_FALSE(baseline.source_title.empty()) << baseline.name;
    EXPECT_TRUE(baseline.url.starts_with("http")) << baseline.name;
    EXPECT_GE(baseline.date, "2014") << baseline.name;
    EXPECT_FALSE(baseline.figures.empty()) << baseline.name;
  }
}

// The published table of 2014, and the percentages that its counts make.
TEST(PublishedBaselines, TheTableOf2014) {
  const PublishedBaselines all = shipped();
  const auto nano = all.find("nano-2014");
  ASSERT_TRUE(nano) << to_string(nano.error());
  const std::string text = print_published(all, *nano, small_image());
  EXPECT_EQ(text.substr(0, text.find("  source:")),
            "Measured: node.tar\n"
            "  logical size (contents)                     70.0 MB (70,000,000 bytes)\n"
            "  allocated size (clusters)                   71.0 MB (71,000,000 bytes)\n"
            "  stored size (the image as it lies on disk)  25.0 MB (25,000,000 bytes)\n"
            "\n"
            "Published, not measured: Nano Server (counted as if it had been there in 2014)\n"
            "  critical bulletins                          2\n"
            "  important bulletins                         9\n"
            "  reboots                                     3\n");
  EXPECT_EQ(text.substr(text.find("Within the source")),
            "Within the source (published against published)\n"
            "  critical bulletins: 2 vs 8, 75.0 % fewer than Server Core\n"
            "  important bulletins: 9 vs 23, 60.9 % fewer than Server Core\n"
            "  reboots: 3 vs 6, 50.0 % fewer than Server Core\n"
            "  critical bulletins: 2 vs 23, 91.3 % fewer than Server with Desktop Experience\n"
            "  important bulletins: 9 vs 26, 65.4 % fewer than Server with Desktop Experience\n"
            "  reboots: 3 vs 11, 72.7 % fewer than Server with Desktop Experience\n");
}

TEST(PublishedBaselines, AreNeverMixedWithWhatIsMeasured) {
  const PublishedBaselines all = shipped();
  const auto launch = all.find("nano-launch");
  ASSERT_TRUE(launch);
  EXPECT_THAT(print_published(all, *launch, small_image()), ::testing::Not(HasSubstr("Within the source")));
  const auto core = all.find("servercore-ltsc2022");
  ASSERT_TRUE(core);
  const std::string text = print_published(all, *core, small_image());
  EXPECT_THAT(text, HasSubstr("  unpacked size                               3.85GB (3,850,000,000 bytes)\n"));
  EXPECT_THAT(text.substr(0, text.find("Within the source")), ::testing::Not(HasSubstr("%")));
}

TEST(PublishedBaselines, NamesWhatIsThere) {
  const auto missing = shipped().find("servercore-ltsc2021");
  ASSERT_FALSE(missing);
  EXPECT_EQ(to_string(missing.error()),
            "cannot find the published baseline \"servercore-ltsc2021\": it is not in packages/baselines\n"
            "  note: did you mean \"servercore-ltsc2022\"?");
}

TEST(PublishedBaselines, DamageIsOneError) {
  const auto error = [](const std::string& text) {
    const auto parsed = PublishedBaselines::parse(text, "p.json");
    return parsed ? "no error" : to_string(parsed.error());
  };
  EXPECT_EQ(error("{}"), "cannot read p.json: \"schema\" is missing or no text");
  EXPECT_EQ(error(R"({"schema": "winnow-published-9"})"),
            "cannot read p.json: its schema is \"winnow-published-9\", not winnow-published-1");
  EXPECT_EQ(error(R"({"schema": "winnow-published-1", "baselines": 1})"),
            "cannot read p.json: \"baselines\" is missing or no list");
  EXPECT_EQ(error(R"({"schema": "winnow-published-1", "baselines": [{"name": "x"}]})"),
            "cannot read p.json: baseline 1: \"set\" is missing or no text");
}

}  // namespace
}  // namespace winnow
