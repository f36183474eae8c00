// Keys of hives, and some files of disks.
#include "image_reader/image_files.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "support/hive_builder.hpp"

namespace winnow {
namespace {

using testing::build_hive;
using testing::TestKey;

std::string keys_text(const Result<std::vector<HiveSubkey>>& keys) {
  if (!keys) return to_string(keys.error());
  std::string text;
  for (const HiveSubkey& key : *keys) {
    text += key.name;
    for (const auto& [name, number] : key.numbers) text += " " + name + "=" + std::to_string(number);
    text += "\n";
  }
  return text;
}

TEST(HiveSubkeys, AreThoseRightBelowTheKey) {
  const Bytes hive = build_hive(
      {"root",
       {},
       {{"Microsoft",
         {},
         {{"Packages",
           {},
           {{"A~~1", {{"CurrentState", 4, {0x70, 0, 0, 0}}, {"InstallName", 1, {'a', 0, 0, 0}}}, {{"Owners"}}},
            {"B~~1", {{"CurrentState", 4, {0x70}}, {"Visibility", 4, {1, 2, 0, 0}}}}}}}}}});
  EXPECT_EQ(keys_text(read_hive_subkeys(hive, "SOFTWARE", {"microsoft", "Packages"})),
            "A~~1 CurrentState=112\nB~~1 Visibility=513\n");
  EXPECT_EQ(keys_text(read_hive_subkeys(hive, "SOFTWARE", {"Microsoft", "None", "Packages"})), "");
  EXPECT_EQ(keys_text(read_hive_subkeys(hive, "SOFTWARE", {})), "Microsoft\n");
  const auto none = read_hive_subkeys(as_bytes("text"), "SOFTWARE", {});
  ASSERT_FALSE(none);
  EXPECT_TRUE(to_string(none.error()).starts_with("cannot read hive SOFTWARE: it cannot be opened ("));
  for (std::size_t length = 0; length < hive.size(); length += 301) {
    const auto cut = read_hive_subkeys(ByteView(hive).first(length), "SOFTWARE", {"Microsoft", "Packages"});
    if (!cut) {
      EXPECT_TRUE(to_string(cut.error()).starts_with("cannot read hive SOFTWARE: "));
    }
  }
}

TEST(ImageFiles, OfWhatIsNoImage) {
  const TemporaryDirectory folder = TemporaryDirectory::create("winnow-image-files").value();
  ASSERT_TRUE(write_file(folder.path() / "a.cab", as_bytes("MSCF" + std::string(4096, 'x'))));
  const auto all = [](std::string_view) { return true; };
  EXPECT_FALSE(read_image_files(folder.path() / "a.cab", all).value());
  EXPECT_FALSE(read_image_files(folder.path(), all).value());
}

}  // namespace
}  // namespace winnow
