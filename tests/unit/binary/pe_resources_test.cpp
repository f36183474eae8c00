#include <gtest/gtest.h>

#include "support/pe_builder.hpp"
#include "unit/binary/pe_text.hpp"

namespace winnow::testing {
namespace {

PeFile parse(const Bytes& bytes) { return *PeFile::parse(bytes, "app.exe"); }

Bytes text_bytes(std::string_view text) { return {text.begin(), text.end()}; }

TEST(PeResources, TypesNamesAndLanguages) {
  const Bytes bytes = build_pe({.resources = {{"WINE_REGISTRY", "#1", 0, {1, 2, 3}},
                                              {"#6", "#7", 0x409, {}},
                                              {"#6", "#7", 0x407, {9}},
                                              {"WINE_REGISTRY", "größe", 0, {4}}}});
  EXPECT_EQ(to_text(parse(bytes).resources()),
            "WINE_REGISTRY größe 0: 1 bytes\n"
            "WINE_REGISTRY #1 0: 3 bytes\n"
            "#6 #7 1031: 1 bytes\n"
            "#6 #7 1033: 0 bytes\n");
  const auto resources = *parse(bytes).resources();
  EXPECT_EQ(Bytes(resources[1].data.begin(), resources[1].data.end()), (Bytes{1, 2, 3}));
}

TEST(PeResources, VersionInfo) {
  const Bytes bytes = build_pe({.version = PeVersion{{10, 0, 14393, 7}, "Größe – a library", "The product"}});
  const auto info = parse(bytes).version_info();
  ASSERT_TRUE(info && *info);
  EXPECT_EQ((*info)->file_version, (std::array<std::uint16_t, 4>{10, 0, 14393, 7}));
  EXPECT_EQ((*info)->description, "Größe – a library");
  EXPECT_EQ((*info)->product_name, "The product");
}

TEST(PeResources, VersionInfoWithoutTexts) {
  const Bytes bytes = build_pe({.version = PeVersion{{1, 2, 3, 4}, "", ""}});
  const auto info = parse(bytes).version_info();
  ASSERT_TRUE(info && *info);
  EXPECT_EQ((*info)->file_version, (std::array<std::uint16_t, 4>{1, 2, 3, 4}));
  EXPECT_EQ((*info)->description, "");
}

TEST(PeResources, VersionResourceThatIsNone) {
  const Bytes bytes = build_pe({.resources = {{"#16", "#1", 0, build_version_block("SOMETHING", {}, false)}}});
  EXPECT_EQ(error_text(parse(bytes).version_info()), "cannot read PE file app.exe: its version resource is not one");
}

TEST(PeResources, VersionBlockCutOff) {
  Bytes version = build_version_resource({{1, 2, 3, 4}, "text", "name"});
  version.resize(version.size() - 40);
  const Bytes bytes = build_pe({.resources = {{"#16", "#1", 0, version}}});
  EXPECT_EQ(error_text(parse(bytes).version_info()),
            "cannot read PE file app.exe: a block of its version resource is cut off");
}

TEST(PeResources, ManifestIsReadAsUtf8) {
  const std::string text = "<assembly>ä</assembly>";
  EXPECT_EQ(**parse(build_pe({.manifest = text})).embedded_manifest(), text);
  EXPECT_EQ(**parse(build_pe({.manifest = "\xef\xbb\xbf" + text})).embedded_manifest(), text);
  Bytes wide = {0xff, 0xfe};
  const Bytes units = *to_utf16le(text, false);
  wide.insert(wide.end(), units.begin(), units.end());
  EXPECT_EQ(**parse(build_pe({.resources = {{"#24", "#1", 0, wide}}})).embedded_manifest(), text);
  const Bytes bad = build_pe({.manifest = "\xff\xff"});
  EXPECT_EQ(error_text(parse(bad).embedded_manifest()), "cannot read PE file app.exe: its manifest is not UTF-8");
}

TEST(PeResources, ManifestThatTheLoaderWouldTake) {
  PeDescription description{
      .resources = {{"#24", "#1", 0, text_bytes("one")}, {"#24", "#2", 0, text_bytes("two")}, {"#24", "x", 0, {}}}};
  EXPECT_EQ(**parse(build_pe(description)).embedded_manifest(), "one");
  description.is_dll = true;
  EXPECT_EQ(**parse(build_pe(description)).embedded_manifest(), "two");
}

// Sections of the file are .text, .rdata and .rsrc; the tree's root table is at the start of the last.
constexpr std::size_t kRsrc = 2;

std::size_t tree_offset(const Bytes& bytes) { return file_offset(bytes, kRsrc, 0x3000); }

TEST(PeResources, LoopsAmongTheTablesEnd) {
  Bytes bytes = build_pe({.resources = {{"#6", "#7", 0, {1}}}, .strings = {"x"}});
  ByteWriter(bytes).put_le32_at(tree_offset(bytes) + pe::ResourceTable::kSize + 4, pe::ResourceTable::kHighBit);
  EXPECT_EQ(to_text(parse(bytes).resources()), "cannot read PE file app.exe: its resource tree goes on below level 3");
}

TEST(PeResources, TablesThatMultiplyAreLimited) {
  Bytes bytes = build_pe({.resources = {{"#6", "#7", 0, {1}}}, .strings = {"x"}});
  Bytes tree(64 * 1024);
  const auto fill = [&](std::size_t table, std::size_t next, std::uint16_t count) {
    ByteWriter out(tree);
    out.put_le16_at(table + pe::ResourceTable::kNumberCount, count);
    for (std::size_t i = 0; i < count; ++i) {
      out.put_le32_at(table + pe::ResourceTable::kSize + i * pe::ResourceTable::kEntrySize + 4,
                      pe::ResourceTable::kHighBit | static_cast<std::uint32_t>(next));
    }
  };
  fill(0, 0x4000, 1000);
  fill(0x4000, 0x8000, 1000);
  bytes.resize(tree_offset(bytes));
  bytes.insert(bytes.end(), tree.begin(), tree.end());
  const std::size_t header = section_header_offset(bytes, kRsrc);
  for (const std::size_t field : {pe::SectionHeader::kVirtualSize, pe::SectionHeader::kRawSize}) {
    ByteWriter(bytes).put_le32_at(header + field, static_cast<std::uint32_t>(tree.size()));
  }
  EXPECT_EQ(to_text(parse(bytes).resources()),
            "cannot read PE file app.exe: its resource tree has more than 65536 entries");
}

}  // namespace
}  // namespace winnow::testing
