// Hostile PE files: every cut, wild values in every field, and the fuzzer's corpus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/file_system.hpp"
#include "fuzz/pe/pe_target.hpp"
#include "support/api_set_builder.hpp"
#include "support/pe_builder.hpp"
#include "unit/binary/pe_text.hpp"

namespace winnow::testing {
namespace {

namespace fs = std::filesystem;

PeDescription everything(std::uint16_t machine) {
  return {.machine = machine,
          .is_dll = true,
          .is_wine_builtin = true,
          .imports = {{"KERNEL32.dll", {"ExitProcess", "#7"}}},
          .delay_imports = {{"ole32.dll", {"CoInitialize"}}},
          .hidden_delay_imports = {{"rpcrt4.dll", {"NdrClientInitializeNew"}}},
          .export_name = "all.dll",
          .exports = {{"zeta", ""}, {"Alpha", "NTDLL.RtlAllocateHeap"}, {"", ""}},
          .resources = {{"WINE_REGISTRY", "#1", 0, {1, 2, 3}}},
          .version = PeVersion{{1, 2, 3, 4}, "description", "product"},
          .manifest = "<assembly/>",
          .strings = {"ws2_32.dll"},
          .platform_invokes = {"user32"},
          .api_set_schema = build_api_set_schema({{"api-ms-win-core-file-l1-2-0", {{"", "kernel32.dll"}}}})};
}

// Offsets in a file of the builder's.
constexpr std::size_t kCoff = 0x80 + 4;
constexpr std::size_t kOptional = kCoff + pe::CoffHeader::kSize;
constexpr std::size_t kRdata = 1;  // number of the section

std::size_t directory64(pe::Directory index) {
  return kOptional + pe::OptionalHeader::kDirectoryCount64 + 4 + 8 * static_cast<std::size_t>(index);
}

// Where the structure that a directory points to lies in the file; it must be in .rdata.
std::size_t structure64(const Bytes& bytes, pe::Directory index) {
  return file_offset(bytes, kRdata, *read_le<std::uint32_t>(bytes, directory64(index)));
}

// The message of the first reader that refuses `bytes`.
std::string first_error(const Bytes& bytes) {
  const auto file = PeFile::parse(bytes, "app.dll");
  if (!file) return to_string(file.error());
  for (const std::string& text :
       {error_text(file->imports()), error_text(file->delay_imports()), error_text(file->exports()),
        error_text(file->resources()), error_text(file->version_info()), error_text(file->embedded_manifest()),
        error_text(file->platform_invoke_modules())}) {
    if (text != "no error") return text;
  }
  return "no error";
}

// `bytes` with a le32 replaced.
std::string error_with(Bytes bytes, std::size_t offset, std::uint32_t value) {
  ByteWriter(bytes).put_le32_at(offset, value);
  return first_error(bytes);
}

TEST(HostilePe, EveryTruncationIsOneClearError) {
  for (const std::uint16_t machine : {kPeX86, kPeAmd64}) {
    const Bytes whole = build_pe(everything(machine));
    ASSERT_EQ(first_error(whole), "no error");
    // Of the last section the padding to a sector may be missing, nothing else.
    const std::size_t needed = whole.size() - 0x200;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const auto file = PeFile::parse(cut, "app.dll");
      if (size < needed) {
        ASSERT_FALSE(file) << size;
      }
      if (!file) {
        ASSERT_EQ(file.error().faults().size(), 1);
        ASSERT_THAT(to_string(file.error()), ::testing::StartsWith("cannot read PE file app.dll: ")) << size;
      }
      (void)read_everything(cut);
    }
  }
}

TEST(HostilePe, WildValuesAnywhereDoNoHarm) {
  for (const std::uint16_t machine : {kPeX86, kPeAmd64}) {
    const Bytes whole = build_pe(everything(machine));
    for (std::size_t offset = 0; offset + 4 <= whole.size(); offset += 4) {
      for (const std::uint32_t value : {0xffffffffu, 0x80000000u, 0x00002000u}) {
        Bytes wild = whole;
        ByteWriter(wild).put_le32_at(offset, value);
        (void)read_everything(wild);
      }
    }
  }
}

TEST(HostilePe, HeadersThatLie) {
  const Bytes good = build_pe(everything(kPeAmd64));
  EXPECT_EQ(error_with(good, 0x3c, 0xffffffff), "cannot read PE file app.dll: it has no PE signature");
  EXPECT_EQ(error_with(good, 0x3c, static_cast<std::uint32_t>(good.size() - 2)),
            "cannot read PE file app.dll: it has no PE signature");
  EXPECT_EQ(error_with(good, kCoff, 0xffff8664), "cannot read PE file app.dll: it has 65535 sections, more than 96");
  EXPECT_EQ(error_with(good, kOptional, 0x107),
            "cannot read PE file app.dll: its optional header is neither PE32 nor PE32+");
  EXPECT_EQ(error_with(good, kCoff + pe::CoffHeader::kOptionalHeaderSize, 60),
            "cannot read PE file app.dll: its optional header of 60 bytes is too short");
  const std::size_t rdata = section_header_offset(good, kRdata);
  EXPECT_EQ(error_with(good, rdata + pe::SectionHeader::kRawOffset, 0x7ffffe00),
            "cannot read PE file app.dll: section .rdata ends at " +
                std::to_string(0x7ffffe00 + *read_le<std::uint32_t>(good, rdata + pe::SectionHeader::kVirtualSize)) +
                ", behind the file's " + std::to_string(good.size()) + " bytes");
}

TEST(HostilePe, AnOddOptionalHeaderMovesTheSectionTable) {
  Bytes odd = build_pe({.imports = {{"a.dll", {"f"}}}});
  constexpr std::ptrdiff_t kMore = 7;
  const auto table = static_cast<std::ptrdiff_t>(section_header_offset(odd, 0));
  const auto first_section = static_cast<std::ptrdiff_t>(file_offset(odd, 0, 0x1000));
  odd.erase(odd.begin() + first_section - kMore, odd.begin() + first_section);
  odd.insert(odd.begin() + table, kMore, 0);
  ByteWriter(odd).put_le16_at(kCoff + pe::CoffHeader::kOptionalHeaderSize, 240 + kMore);
  EXPECT_EQ(to_text(PeFile::parse(odd, "app.dll")->imports()), "a.dll: f\n");
}

TEST(HostilePe, DirectoriesBehindTheOptionalHeaderAreAbsent) {
  Bytes bytes = build_pe({.imports = {{"a.dll", {"f"}}}, .delay_imports = {{"b.dll", {"g"}}}});
  ByteWriter(bytes).put_le32_at(kOptional + pe::OptionalHeader::kDirectoryCount64, 2);
  EXPECT_EQ(to_text(PeFile::parse(bytes, "app.dll")->imports()), "a.dll: f\n");
  EXPECT_EQ(to_text(PeFile::parse(bytes, "app.dll")->delay_imports()), "");
}

TEST(HostilePe, TablesThatPointNowhere) {
  const Bytes good = build_pe(everything(kPeAmd64));
  EXPECT_EQ(error_with(good, directory64(pe::Directory::imports), 0xfffffff0),
            "cannot read PE file app.dll: the import directory lies outside the file (RVA 0xfffffffc)");
  EXPECT_EQ(error_with(good, directory64(pe::Directory::delay_imports), 0xfffffff0),
            "cannot read PE file app.dll: the delay-load directory lies outside the file (RVA 0xfffffff4)");
  EXPECT_EQ(error_with(good, directory64(pe::Directory::exports), 0x7fff0000),
            "cannot read PE file app.dll: the export directory lies outside the file (RVA 0x7fff0010)");
  EXPECT_EQ(error_with(good, directory64(pe::Directory::resources), 0x7fff0000),
            "cannot read PE file app.dll: the resource directory lies outside the file");
  EXPECT_EQ(error_with(good, directory64(pe::Directory::clr), 0x7fff0000),
            "cannot read PE file app.dll: the CLR header lies outside the file (RVA 0x7fff0008)");
}

TEST(HostilePe, ImportDirectoryWithoutAnEnd) {
  // A section that is a name, an empty lookup table and nothing but descriptors of that module.
  Bytes bytes = build_pe({.packed_strings = std::string(0x200, 'x')});
  Bytes table;
  ByteWriter out(table);
  out.text("a.dll");
  out.zeros(24 - table.size());
  while (table.size() + pe::ImportDescriptor::kSize <= 0x200) {
    for (const std::uint32_t field : {0x2008u, 0u, 0u, 0x2000u, 0x2008u}) out.le32(field);
  }
  std::copy(table.begin(), table.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(file_offset(bytes, kRdata, 0x2000)));
  ByteWriter(bytes).put_le32_at(directory64(pe::Directory::imports), 0x2018);
  EXPECT_EQ(first_error(bytes), "cannot read PE file app.dll: the import directory lies outside the file (RVA 0x2204)");
}

TEST(HostilePe, NamesThatAreNone) {
  const auto with_name = [](const std::string& name) { return first_error(build_pe({.imports = {{name, {"f"}}}})); };
  EXPECT_EQ(with_name(""), "cannot read PE file app.dll: the name of an imported module is empty");
  EXPECT_EQ(with_name("a\x1b[31m.dll"),
            "cannot read PE file app.dll: the name of an imported module is not text (RVA 0x2000)");
  EXPECT_EQ(with_name("\xc0\xaf.dll"),
            "cannot read PE file app.dll: the name of an imported module is not text (RVA 0x2000)");
  EXPECT_EQ(with_name(std::string(4097, 'a')),
            "cannot read PE file app.dll: the name of an imported module is too long (RVA 0x2000)");
  EXPECT_EQ(with_name(std::string(4096, 'a')), "no error");
}

TEST(HostilePe, ANameThatRunsToTheEndOfTheFile) {
  Bytes bytes = build_pe({.imports = {{"a.dll", {"f"}}}, .api_set_schema = Bytes(0x200, 'x')});
  const auto descriptor = structure64(bytes, pe::Directory::imports);
  EXPECT_EQ(error_with(bytes, descriptor + pe::ImportDescriptor::kName, 0x31f0),
            "cannot read PE file app.dll: the name of an imported module has no end (RVA 0x31f0)");
}

TEST(HostilePe, CountsWithoutEnd) {
  const Bytes good = build_pe(everything(kPeAmd64));
  const auto exports = structure64(good, pe::Directory::exports);
  EXPECT_EQ(error_with(good, exports + pe::ExportDirectory::kNameCount, 0xffffffff),
            "cannot read PE file app.dll: it exports more than 65536 symbols");
  EXPECT_EQ(error_with(good, exports + pe::ExportDirectory::kAddressCount, 1),
            "cannot read PE file app.dll: export \"Alpha\" has index 1 of 1");
}

TEST(HostilePe, OneImportTableNamedByThousandsOfModules) {
  std::vector<PeImport> modules(200, {"a.dll", {}});
  modules.front().functions.assign(4000, "#1");
  Bytes bytes = build_pe({.imports = modules});
  const auto table = structure64(bytes, pe::Directory::imports);
  const auto lookup = *read_le<std::uint32_t>(bytes, table);
  for (std::size_t i = 0; i < modules.size(); ++i) {
    ByteWriter(bytes).put_le32_at(table + i * pe::ImportDescriptor::kSize, lookup);
  }
  EXPECT_EQ(first_error(bytes), "cannot read PE file app.dll: it imports more than 262144 functions");
}

// The seeds of tests/fuzz/pe/corpus, which hold nothing but what the builder makes. WINNOW_TEST_ACCEPT=1 rewrites them.
const fs::path kCorpus = fs::path(WINNOW_SOURCE_DIR) / "tests/fuzz/pe/corpus";

std::map<std::string, Bytes> seeds() {
  Bytes wild = build_pe(everything(kPeAmd64));
  ByteWriter(wild).put_le32_at(directory64(pe::Directory::imports), 0xfffffff0);
  const std::vector<ApiSetContract> contracts{{"api-ms-win-core-io-l1-1-1", {{"", "a.dll"}, {"b.dll", "c.dll"}}}};
  return {{"amd64.dll", build_pe(everything(kPeAmd64))},
          {"arm64.dll", build_pe(everything(kPeArm64))},
          {"x86.dll", build_pe(everything(kPeX86))},
          {"wild_import_directory.dll", wild},
          {"version2.apiset", build_api_set_schema(contracts, 2)},
          {"version4.apiset", build_api_set_schema(contracts, 4)},
          {"version6.apiset", build_api_set_schema(contracts, 6)}};
}

TEST(PeCorpus, SeedsAreWhatTheBuilderMakes) {
  for (const auto& [name, bytes] : seeds()) {
    if (std::getenv("WINNOW_TEST_ACCEPT") != nullptr) {
      ASSERT_TRUE(write_file(kCorpus / name, bytes));
    }
    const auto stored = read_file(kCorpus / name, 1 << 20);
    ASSERT_TRUE(stored) << to_string(stored.error());
    EXPECT_EQ(*stored, bytes) << name;
  }
}

TEST(PeCorpus, ReplaysWithoutHarm) {
  const auto entries = list_tree(kCorpus);
  ASSERT_TRUE(entries) << to_string(entries.error());
  ASSERT_GE(entries->size(), seeds().size());
  for (const DirectoryEntry& entry : *entries) {
    const auto bytes = read_file(kCorpus / entry.path, 1 << 20);
    ASSERT_TRUE(bytes) << to_string(bytes.error());
    EXPECT_GT(read_everything(*bytes), 0) << entry.path;
  }
}

}  // namespace
}  // namespace winnow::testing
