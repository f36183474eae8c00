#include "feed/feed_description.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace winnow {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kText = R"(# comment
feed
  description  One,
  description  two.

role base
  title        Base role
  product
  members      a.dll b*.dll
role more
  description  More.
  members      C.DLL b1.dll
  includes     base
role others
  rest
role full
  includes     *
component a.dll
  needs        c.dll d.dll
)";

std::string error_of(std::string_view text) {
  const auto description = parse_feed_description(text, "feed.txt");
  return description ? "" : to_string(description.error());
}

TEST(FeedDescription, ReadsBlocks) {
  const auto description = parse_feed_description(kText, "feed.txt");
  ASSERT_TRUE(description) << to_string(description.error());
  EXPECT_EQ(description->text, "One, two.");
  ASSERT_EQ(description->roles.size(), 4u);
  EXPECT_EQ(description->roles[0].name, "base");
  EXPECT_EQ(description->roles[0].title, "Base role");
  EXPECT_TRUE(description->roles[0].product);
  EXPECT_EQ(description->roles[0].members[1].text, "b*.dll");
  EXPECT_EQ(to_string(description->roles[0].members[1].place), "feed.txt:9");
  EXPECT_EQ(description->roles[1].description, "More.");
  EXPECT_EQ(description->roles[1].includes[0].text, "base");
  EXPECT_TRUE(description->roles[2].rest);
  ASSERT_EQ(description->needs.size(), 1u);
  EXPECT_EQ(description->needs[0].component.text, "a.dll");
  EXPECT_EQ(description->needs[0].needs[1].text, "d.dll");
}

TEST(FeedDescription, ReportsEveryFault) {
  EXPECT_EQ(
      error_of("  title x\nrole\nwhat x\nrole a\n  needs b\n  includes z\nrole a\ncomponent c\n  rest\nfeed\n  title"),
      "feed.txt:1: cannot read feed description: \"title\" is not known here\n"
      "feed.txt:2: cannot read feed description: a block begins with \"feed\", \"role NAME\" or \"component NAME\"\n"
      "feed.txt:3: cannot read feed description: a block begins with \"feed\", \"role NAME\" or \"component NAME\"\n"
      "feed.txt:5: cannot read feed description: \"needs\" is not known here\n"
      "feed.txt:7: cannot read feed description: role \"a\" is described twice\n"
      "feed.txt:9: cannot read feed description: \"rest\" is not known here\n"
      "feed.txt:11: cannot read feed description: \"title\" is not known here\n"
      "feed.txt:6: cannot read feed description: role \"z\" is not described");
}

TEST(FeedDescription, AssignsEveryComponent) {
  const auto description = parse_feed_description(kText, "feed.txt");
  ASSERT_TRUE(description);
  const auto roles = assign_roles(*description, {"Wine-a.dll", "Wine-b1.dll", "Wine-c.dll", "Winnow-x"});
  ASSERT_TRUE(roles) << to_string(roles.error());
  EXPECT_THAT(roles->members, ElementsAre(ElementsAre(0, 1), ElementsAre(1, 2), ElementsAre(3), ElementsAre()));
  EXPECT_THAT(roles->first_role, ElementsAre(0, 0, 1, 2));
  EXPECT_TRUE(roles->unmatched.empty());
}

TEST(FeedDescription, WantsTheProductWholeAndNothingLeft) {
  const auto description = parse_feed_description(
      "role base\n  product\n  members a.dll gone.dll\nrole b\n  members gone.exe\n", "feed.txt");
  ASSERT_TRUE(description);
  const auto roles = assign_roles(*description, {"Wine-a.dll", "Wine-z.dll"});
  ASSERT_FALSE(roles);
  EXPECT_EQ(
      to_string(roles.error()),
      "feed.txt:3: cannot use member \"gone.dll\": role base cannot do without it and the source does not have it\n"
      "cannot place component Wine-z.dll: no role of the feed description names it");
}

TEST(Pattern, Matches) {
  EXPECT_TRUE(matches_pattern("Kernel32.DLL", "kernel32.dll"));
  EXPECT_TRUE(matches_pattern("msvcr100.dll", "msvc*.dll"));
  EXPECT_TRUE(matches_pattern("atl90.dll", "atl??.dll"));
  EXPECT_TRUE(matches_pattern("aXbXc", "*b*c"));
  EXPECT_TRUE(matches_pattern("", "**"));
  EXPECT_FALSE(matches_pattern("atl.dll", "atl??.dll"));
  EXPECT_FALSE(matches_pattern("a", ""));
  EXPECT_FALSE(matches_pattern("", "?"));
  EXPECT_FALSE(matches_pattern(std::string(5000, 'a'), std::string(50, '*') + "b"));
}

TEST(MemberName, DropsTheFirstWord) {
  EXPECT_EQ(member_name("Wine-kernel32.dll"), "kernel32.dll");
  EXPECT_EQ(member_name("Wine-Registry-Fonts"), "Registry-Fonts");
}

}  // namespace
}  // namespace winnow
