// What an image has for nothing: N-1 copies and not N, and no share of an image without bytes.
#include "size_analyzer/waste.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using testing::FactsBuilder;

FileFacts file(const std::string& path, char digest, Sizes sizes, std::uint32_t content = kNoContent) {
  FileFacts facts;
  facts.path = path;
  facts.digest = digest == ' ' ? "" : std::string(64, digest);
  facts.sizes = sizes;
  facts.content = content;
  return facts;
}

// dive counts all N copies as wasted (wagoodman/dive 684, 685, 696).
TEST(Waste, OfNCopiesOneIsNeeded) {
  FactsBuilder builder;
  for (const char* path : {"app/a.dll", "app/b/a.dll", "app/c/a.dll"}) {
    builder.file_facts(file(path, 'a', {1000, 4096, 400}), "");
  }
  builder.file_facts(file("app/other.dll", 'b', {1000, 4096, 400}), "");
  const Waste waste = find_waste(builder.build());
  ASSERT_EQ(waste.duplicates.size(), 1U);
  EXPECT_THAT(waste.duplicates[0].paths, ::testing::ElementsAre("app/a.dll", "app/b/a.dll", "app/c/a.dll"));
  EXPECT_EQ(waste.duplicate_bytes, (Sizes{2000, 8192, 800}));
}

TEST(Waste, HardLinksAreOneFile) {
  FactsBuilder builder;
  builder.file_facts(file("Windows/System32/a.dll", 'a', {1000, 4096, 400}, 0), "");
  builder.file_facts(file("Windows/WinSxS/x/a.dll", 'a', {0, 0, 0}, 0), "");
  EXPECT_TRUE(find_waste(builder.build()).duplicates.empty());
  builder.file_facts(file("copy.dll", 'a', {1000, 4096, 390}), "");
  EXPECT_EQ(find_waste(builder.build()).duplicate_bytes, (Sizes{1000, 4096, 390}));
}

TEST(Waste, FilesThatWereNotReadOrAreEmptyAreNoCopies) {
  FactsBuilder builder;
  builder.file_facts(file("a", ' ', {10, 0, 5}), "").file_facts(file("b", ' ', {10, 0, 5}), "");
  builder.file_facts(file("c", 'e', {0, 0, 0}), "").file_facts(file("d", 'e', {0, 0, 0}), "");
  EXPECT_TRUE(find_waste(builder.build()).duplicates.empty());
}

TEST(Waste, AHiddenFileIsWasteOfItsLayer) {
  FactsBuilder builder;
  FileFacts hidden = file("Windows/a.dll", 'a', {1000, 4096, 400});
  hidden.is_shadowed = true;
  FileFacts seen = file("Windows/a.dll", 'a', {1000, 4096, 400});
  seen.layer = 1;
  builder.facts().layers = {{"sha256:01", 1, 2}, {"sha256:02", 1, 2}};
  const Waste waste = find_waste(builder.file_facts(hidden, "").file_facts(seen, "").build());
  EXPECT_TRUE(waste.duplicates.empty());
  EXPECT_EQ(waste.shadowed_bytes, (Sizes{1000, 4096, 400}));
  ASSERT_EQ(waste.shadowed.size(), 1U);
  EXPECT_EQ(waste.shadowed[0].detail, "of layer 1");
}

TEST(Waste, FoldersOfTheStoreAreReadFromTheirEnd) {
  const std::string name = "amd64_microsoft-windows-a_b_31bf3856ad364e35_10.0.17763.1_none_0123456789abcdef";
  EXPECT_EQ(version_of_store_folder(name), "10.0.17763.1");
  EXPECT_EQ(component_of_store_folder(name), "amd64_microsoft-windows-a_b_31bf3856ad364e35_10.0_none");
  for (const char* other : {"", "_", "__", "___", "Manifests", "a_b_c_d", "x_1_none_", "Temp_1.x_none_0"}) {
    EXPECT_EQ(component_of_store_folder(other).empty(), version_of_store_folder(other).empty()) << other;
  }
}

TEST(Waste, OlderVersionsOfTheSameLineAreSuperseded) {
  FactsBuilder builder;
  const std::string store = "Windows/WinSxS/";
  for (const char* name : {"amd64_foo_31bf_10.0.1.9_none_01/a.dll", "AMD64_foo_31bf_10.0.1.10_none_02/a.dll",
                           "x86_foo_31bf_10.0.1.8_none_03/a.dll", "amd64_foo_31bf_10.0.1.1_en-us_04/a.dll",
                           "amd64_common_31bf_5.82.1.1_none_05/a.dll", "amd64_common_31bf_6.0.1.1_none_06/a.dll"}) {
    builder.file_facts(file(store + name, ' ', {100, 0, 50}), "");
  }
  const Waste waste = find_waste(builder.build());
  ASSERT_EQ(waste.superseded.size(), 1U);
  EXPECT_EQ(waste.superseded[0].path, "Windows/WinSxS/amd64_foo_31bf_10.0.1.9_none_01");
  EXPECT_EQ(waste.superseded[0].detail, "superseded by 10.0.1.10");
}

TEST(Waste, TextHasRowsAndShares) {
  FactsBuilder builder;
  FileFacts program = file("app/a.dll", 'a', {3000, 4096, 1000});
  program.parts = {{ByteKind::debug_section, kNobody, ".debug_info", {2000, 0, 700}},
                   {ByteKind::signature, kNobody, "Authenticode", {200, 0, 150}}};
  builder.file_facts(program, "").file_facts(file("app/b.dll", 'a', {3000, 4096, 1000}), "");
  const Waste waste = find_waste(builder.build());
  EXPECT_EQ(print_waste(waste),
            R"(copies of the same content: 1.0 kB stored (1,000 bytes), 3.0 kB logical, 1 row, 50.0 % of the image
           1,000           3,000  app/a.dll, 1 copy: app/b.dll
hidden by later layers: none
superseded versions in the component store: none
debug sections: 700 bytes stored (700 bytes), 2.0 kB logical, 1 row, 35.0 % of the image
             700           2,000  app/a.dll: .debug_info
signatures: 150 bytes stored (150 bytes), 200 bytes logical, 1 row, 7.5 % of the image
             150             200  app/a.dll: Authenticode
)");
  EXPECT_EQ(to_json(waste)["duplicates"]["sizes"].dump(), "[3000,4096,1000]");
}

// dive divides by zero there (wagoodman/dive 76).
TEST(Waste, AnImageWithoutBytesHasNoShares) {
  FactsBuilder builder;
  builder.file_facts(file("a.dll", 'a', {1000, 0, 0}), "").file_facts(file("b.dll", 'a', {1000, 0, 0}), "");
  EXPECT_EQ(print_waste(find_waste(builder.build())).substr(0, 87),
            "copies of the same content: 0 bytes stored (0 bytes), 1.0 kB logical, 1 row\n           ");
  EXPECT_THAT(print_waste(find_waste(FactsBuilder().build())),
              ::testing::HasSubstr("copies of the same content: none\n"));
}

}  // namespace
}  // namespace winnow
