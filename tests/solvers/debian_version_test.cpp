#include "solvers/debian_version.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "solvers/debian_packages.hpp"

namespace winnow::testing {
namespace {

// From the oldest to the newest: deb-version(7) and what maintainers get wrong.
constexpr std::array<std::string_view, 17> kInOrder = {
    "1.0~~", "1.0~~a",     "1.0~",    "1.0~rc1-1", "1.0",    "1.0-0+b1", "1.0-1", "1.0-1.1", "1.0-10",
    "1.0a",  "1.0+dfsg-1", "1.0.1-1", "1.2-3",     "1.10-1", "2.0-1",    "1:0.1", "10:0"};

TEST(DebianVersion, AreOrderedAsDpkgOrdersThem) {
  for (std::size_t a = 0; a < kInOrder.size(); ++a) {
    for (std::size_t b = 0; b < kInOrder.size(); ++b) {
      const int order = compare_debian_versions(kInOrder.at(a), kInOrder.at(b));
      EXPECT_EQ(order < 0, a < b) << kInOrder.at(a) << " and " << kInOrder.at(b);
      EXPECT_EQ(order == 0, a == b) << kInOrder.at(a) << " and " << kInOrder.at(b);
    }
  }
  EXPECT_EQ(compare_debian_versions("0:1.0-1", "1.0-1"), 0);
  EXPECT_EQ(compare_debian_versions("1.00-1", "1.0-01"), 0);
  EXPECT_EQ(compare_debian_versions("1.0", "1.0-0"), 0);
}

TEST(DebianPackages, AreReadWithTheirRelations) {
  const auto packages = read_debian_packages(
      "Package: a\nVersion: 1:2-3\nInstalled-Size: 12\nDepends: b (>= 1.0) | c:any, d (<< 2)\nDescription: x\n y\n\n"
      "Package: b\nVersion: 1\nPriority: required\nProvides: v (= 1.5)");
  ASSERT_EQ(packages.size(), 2u);
  EXPECT_EQ(packages[0].installed_size, 12u);
  EXPECT_EQ(packages[1].priority, "required");
  const auto groups = parse_debian_relations(packages[0].depends);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0][1].name, "c");
  EXPECT_TRUE(groups[0][0].takes("1.0-1"));
  EXPECT_FALSE(groups[0][0].takes("1.0~rc1"));
  EXPECT_FALSE(groups[1][0].takes("2"));
}

}  // namespace
}  // namespace winnow::testing
