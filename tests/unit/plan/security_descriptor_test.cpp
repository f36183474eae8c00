#include "plan/security_descriptor.hpp"

#include <gtest/gtest.h>

namespace winnow {
namespace {

// Sizes and first bytes as windows-formats.md 1.5 gives them (what buildkit and buildah write).
TEST(SecurityDescriptor, DefaultsAreThoseOfTheField) {
  const Bytes directory = *parse_sddl(kDirectorySddl);
  const Bytes file = *parse_sddl(kFileSddl);
  EXPECT_EQ(directory.size(), 216u);
  EXPECT_EQ(file.size(), 124u);
  EXPECT_EQ(to_base64(directory).substr(0, 12), "AQAEgBQAAAAk");
  EXPECT_EQ(to_base64(file).substr(0, 12), "AQAEgBQAAAAk");
}

TEST(SecurityDescriptor, OwnerAndGroupOnly) {
  EXPECT_EQ(to_base64(*parse_sddl("O:BUG:BU")),
            "AQAAgBQAAAAkAAAAAAAAAAAAAAABAgAAAAAABSAAAAAhAgAAAQIAAAAAAAUgAAAAIQIAAA==");
}

TEST(SecurityDescriptor, TrustedInstallerFlagsAndSacl) {
  const auto bytes = parse_sddl(
      "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:SYD:PAI(D;OICIIO;0x10;;;WD)"
      "S:AI(ML;;NWNR;;;HI)(AU;SAFA;KA;;;AU)");
  ASSERT_TRUE(bytes);
  // control: self-relative, DACL and SACL present, DACL protected and auto-inherited, SACL auto-inherited
  EXPECT_EQ(read_le<std::uint16_t>(*bytes, 2), 0x8000 | 0x0004 | 0x0010 | 0x1000 | 0x0400 | 0x0800);
  EXPECT_EQ(read_le<std::uint32_t>(*bytes, 4), 20u);
  const std::uint32_t dacl = *read_le<std::uint32_t>(*bytes, 16);
  EXPECT_EQ(read_le<std::uint16_t>(*bytes, dacl + 4), 1);       // one entry
  EXPECT_EQ(read_le<std::uint32_t>(*bytes, dacl + 12), 0x10u);  // its mask
  EXPECT_EQ(dacl + *read_le<std::uint16_t>(*bytes, dacl + 2), bytes->size());
}

TEST(SecurityDescriptor, WhatIsNotUnderstoodIsRefused) {
  const auto message = [](const char* sddl) { return to_string(parse_sddl(sddl).error()); };
  EXPECT_EQ(message("hello"), "cannot read security descriptor \"hello\": it is no sequence of O: G: D: S: parts");
  EXPECT_EQ(message("O:QQ"), "cannot read security descriptor \"O:QQ\": \"QQ\" is no SID winnow knows");
  for (const char* dacl :
       {"D:(A;;FA;;;QQ)", "D:(A;;FA;;BA)", "D:(XA;;FX;;;WD;(x))", "D:(A;;ZZ;;;BA)", "D:X", "D:(A;;FA;;;BA"}) {
    EXPECT_EQ(message(dacl), "cannot read security descriptor \"" + std::string(dacl) +
                                 "\": its DACL has an entry winnow does not know");
  }
  EXPECT_FALSE(parse_sddl("O:BAO:BA"));
  EXPECT_FALSE(parse_sddl("O:S-1-5-4294967296"));
}

}  // namespace
}  // namespace winnow
