// $UpCase by rule against the one mkntfs writes.
#include "formats/upcase_table.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/file_system.hpp"
#include "support/disk_programs.hpp"

namespace winnow {
namespace {

// SHA-256 of the $UpCase of a volume made by mkntfs 2022.10.3.
constexpr auto kDigest = "41c26bc7a12bdaeb26025c93118697c7e3ef81ee048b00fe5cce2a472e0e0742";

TEST(UpcaseTable, HasTheDigestOfWhatMkntfsWrites) { EXPECT_EQ(sha256(ntfs::upcase_bytes()).hex(), kDigest); }

TEST(UpcaseTable, IsWhatMkntfsWrites) {
  WINNOW_REQUIRE_PROGRAMS("mkntfs", "ntfscat");
  const TemporaryDirectory folder = TemporaryDirectory::create("upcase").value();
  const auto volume = folder.path() / "volume.raw";
  const auto table = folder.path() / "table.bin";
  ASSERT_TRUE(test::run_program("truncate -s 8M '" + volume.string() + "'"));
  ASSERT_TRUE(test::run_program("mkntfs -q -Q -F -s 512 -p 0 -H 255 -S 63 '" + volume.string() + "' 2>/dev/null"));
  ASSERT_TRUE(test::run_program("ntfscat -i 10 '" + volume.string() + "' >'" + table.string() + "'"));
  EXPECT_TRUE(read_file(table, 1 << 20).value() == ntfs::upcase_bytes());
}

TEST(UpcaseTable, MapsNamesUnitByUnit) {
  EXPECT_EQ(ntfs::upcase_name(u"Straße \u00e9\u0131\u03c2\U00010428"), u"STRAßE \u00c9\u0131\u03c2\U00010428");
}

}  // namespace
}  // namespace winnow
