#include "manifest/feed_index.hpp"

#include <gtest/gtest.h>

#include "manifest_testing.hpp"

namespace winnow {
namespace {

using testing::error_of;

TEST(FeedIndex, PrintsEverythingSoThatItReadsBack) {
  const FeedIndex index = testing::full_index();
  const std::string text = print_feed_index(index);
  const auto back = parse_feed_index(text, "index.xml");
  ASSERT_TRUE(back) << error_of(back);
  EXPECT_EQ(*back, index);
  EXPECT_EQ(print_feed_index(*back), text);
}

TEST(FeedIndex, SortsByIdentityWhateverTheOrderOfTheFile) {
  FeedIndex reversed = testing::full_index();
  std::swap(reversed.packages[0], reversed.packages[1]);
  std::swap(reversed.components[0], reversed.components[1]);
  const auto back = parse_feed_index(print_feed_index(reversed), "index.xml");
  ASSERT_TRUE(back) << error_of(back);
  EXPECT_EQ(*back, testing::full_index());
}

TEST(FeedIndex, RefusesIdentitiesGivenTwice) {
  FeedIndex index = testing::full_index();
  index.components[1].identity = index.components[0].identity;
  EXPECT_EQ(error_of(parse_feed_index(print_feed_index(index), "index.xml")),
            "index.xml:12:4: cannot read component \"A 10.0.20348.1 amd64\": the feed has it already\n"
            "  note: the first is at index.xml:8:4");
}

TEST(FeedIndex, ReportsEveryFaultWithItsPlace) {
  EXPECT_EQ(error_of(parse_feed_index("<feed/>", "i")),
            "i:1:2: cannot read feed index: its root is not <feed> of urn:winnow:v1");
  EXPECT_EQ(error_of(parse_feed_index("<feed xmlns='urn:winnow:v1'>\n"
                                      "<package/>\n"
                                      "<component name='A' version='1.0.0.0' sha256='00'>\n"
                                      "<file size='18446744073709551616'/><dir path='x' size='1'/></component>\n"
                                      "<compnent/></feed>",
                                      "i")),
            "i:1:2: cannot read <feed>: it has no name\n"
            "i:2:2: cannot read name of <package>: it is missing\n"
            "i:2:2: cannot read version of <package>: \"\" is not four numbers up to 65535\n"
            "i:3:2: cannot read sha256 \"00\": it is not 64 hex digits\n"
            "i:4:2: cannot read <file>: it is not a <file> with a path\n"
            "i:4:2: cannot read size \"18446744073709551616\": it is not a number of bytes\n"
            "i:4:2: cannot read sha256 \"\": it is not 64 hex digits\n"
            "i:4:37: cannot read <dir>: it is not a <file> with a path\n"
            "i:4:37: cannot read sha256 \"\": it is not 64 hex digits\n"
            "i:5:2: cannot read <compnent>: a feed has no such element");
}

TEST(FeedIndex, SurvivesEveryTruncation) {
  const std::string text = print_feed_index(testing::full_index());
  for (std::size_t cut = 0; cut + 2 < text.size(); ++cut) {
    EXPECT_FALSE(parse_feed_index(text.substr(0, cut), "i")) << cut;
  }
}

}  // namespace
}  // namespace winnow
