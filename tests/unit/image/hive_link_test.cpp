// A key that holds a REG_LINK "SymbolicLinkValue" is a link only when its node says so.
#include <gtest/gtest.h>

#include "base/utf16.hpp"
#include "formats/regf.hpp"
#include "image/hive/hive_writer.hpp"

namespace winnow {
namespace {

std::uint16_t flags_of(ByteView hive, std::string_view name) {
  const std::size_t at = as_text(hive).find(name);
  return read_le<std::uint16_t>(hive, at - regf::nk::kName + regf::nk::kFlags).value();
}

TEST(HiveWriter, SymbolicLinksAreFlagged) {
  constexpr std::uint32_t kRegLink = 6;
  HiveKey root;
  root.children = {
      {"LinkedKey", {{"SymbolicLinkValue", kRegLink, *to_utf16le("\\Registry\\Machine\\X", false)}}, {}, 0},
      {"PlainKey", {{"SymbolicLinkValue", 1, *to_utf16le("text", true)}}, {}, 0}};
  HiveOptions options;
  options.file_name = "SOFTWARE";
  options.root_name = "ROOT";
  options.security_descriptors.push_back(Bytes(20, 0));
  options.security_descriptors[0][0] = 1;
  options.security_descriptors[0][3] = 0x80;  // self-relative, nothing in it
  const auto hive = write_hive(root, options);
  ASSERT_TRUE(hive) << to_string(hive.error());
  EXPECT_EQ(flags_of(*hive, "LinkedKey"), regf::nk::kFlagCompressedName | regf::nk::kFlagSymbolicLink);
  EXPECT_EQ(flags_of(*hive, "PlainKey"), regf::nk::kFlagCompressedName);
}

}  // namespace
}  // namespace winnow
