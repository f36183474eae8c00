#include "base/text_table.hpp"

#include <gtest/gtest.h>

namespace winnow {
namespace {

TEST(Digits, AreGroupedByThree) {
  EXPECT_EQ(grouped_digits(0), "0");
  EXPECT_EQ(grouped_digits(999), "999");
  EXPECT_EQ(grouped_digits(1000), "1,000");
  EXPECT_EQ(grouped_digits(1234567), "1,234,567");
  EXPECT_EQ(signed_digits(0), "0");
  EXPECT_EQ(signed_digits(1234567), "+1,234,567");
  EXPECT_EQ(signed_digits(-1000), "-1,000");
  EXPECT_EQ(signed_digits(INT64_MIN), "-9,223,372,036,854,775,808");
}

TEST(TextTable, CountsCharacters) {
  TextTable table({"name", ">bytes"});
  table.add({"\xC3\xA4", "1"});
  table.add({"b", "1,000"});
  EXPECT_EQ(table.text(" "), " name  bytes\n \xC3\xA4         1\n b     1,000\n");
  EXPECT_EQ(table.markdown(), "| name | bytes |\n|---|---:|\n| \xC3\xA4 | 1 |\n| b | 1,000 |\n");
}

}  // namespace
}  // namespace winnow
