#include "binary/pe_file.hpp"

#include <gtest/gtest.h>

#include "support/pe_builder.hpp"
#include "unit/binary/pe_text.hpp"

namespace winnow::testing {
namespace {

PeFile parse(const Bytes& bytes) {
  auto file = PeFile::parse(bytes, "app.exe");
  if (!file) throw std::runtime_error(to_string(file.error()));
  return std::move(*file);
}

class EveryMachine : public ::testing::TestWithParam<std::uint16_t> {};
INSTANTIATE_TEST_SUITE_P(PeFile, EveryMachine, ::testing::Values(kPeX86, kPeAmd64, kPeArm64));

TEST_P(EveryMachine, ImportsWithNamesAndOrdinals) {
  const Bytes bytes = build_pe({.machine = GetParam(),
                                .imports = {{"KERNEL32.dll", {"ExitProcess", "#7"}}, {"empty.drv", {}}},
                                .delay_imports = {{"ole32.dll", {"CoInitialize"}}, {"OLEAUT32.dll", {"#2", "#6"}}}});
  const PeFile file = parse(bytes);
  EXPECT_EQ(file.machine(), static_cast<Machine>(GetParam()));
  EXPECT_EQ(to_text(file.imports()), "KERNEL32.dll: ExitProcess #7\nempty.drv:\n");
  EXPECT_EQ(to_text(file.delay_imports()), "ole32.dll: CoInitialize\nOLEAUT32.dll: #2 #6\n");
}

TEST_P(EveryMachine, HiddenDelayImportsOfWineModules) {
  PeDescription module{.machine = GetParam(),
                       .is_dll = true,
                       .is_wine_builtin = true,
                       .hidden_delay_imports = {{"rpcrt4.dll", {"NdrClientInitializeNew"}}, {"user32.dll", {"#12"}}}};
  const Bytes hidden = build_pe(module);
  EXPECT_EQ(to_text(parse(hidden).delay_imports()), "rpcrt4.dll: NdrClientInitializeNew\nuser32.dll: #12\n");
  module.is_wine_builtin = false;
  const Bytes foreign = build_pe(module);
  EXPECT_EQ(to_text(parse(foreign).delay_imports()), "") << "only winebuild hides descriptors";
}

TEST_P(EveryMachine, ExportsAndForwarders) {
  const Bytes bytes =
      build_pe({.machine = GetParam(),
                .is_dll = true,
                .export_name = "app.dll",
                .exports = {{"zeta", ""}, {"", ""}, {"Alpha", "NTDLL.RtlAllocateHeap"}, {"mid", "a.#3"}}});
  EXPECT_EQ(to_text(parse(bytes).exports()), "1 zeta\n2 \n3 Alpha -> NTDLL.RtlAllocateHeap\n4 mid -> a.#3\n");
}

TEST(PeFile, DelayImportsByAddressAsVisualC6WroteThem) {
  const Bytes bytes = build_pe(
      {.machine = kPeX86, .delay_imports = {{"WSOCK32.dll", {"#23", "recv"}}}, .delay_imports_use_addresses = true});
  EXPECT_EQ(to_text(parse(bytes).delay_imports()), "WSOCK32.dll: #23 recv\n");
}

TEST(PeFile, SaysWhatKindItIs) {
  const Bytes program = build_pe({});
  EXPECT_FALSE(parse(program).is_dll());
  EXPECT_FALSE(parse(program).is_wine_builtin());
  EXPECT_FALSE(parse(program).is_managed());
  const Bytes library = build_pe({.is_dll = true, .is_wine_builtin = true, .platform_invokes = {"user32"}});
  EXPECT_TRUE(parse(library).is_dll());
  EXPECT_TRUE(parse(library).is_wine_builtin());
  EXPECT_TRUE(parse(library).is_managed());
}

TEST(PeFile, ReadsAnUnknownMachineAndSaysSo) {
  constexpr std::uint16_t kItanium = 0x200;
  const Bytes bytes = build_pe({.machine = kItanium, .imports = {{"a.dll", {}}}});
  EXPECT_EQ(parse(bytes).machine(), Machine::unknown);
  EXPECT_EQ(to_text(parse(bytes).imports()), "a.dll:\n");
}

TEST(PeFile, HasNothingWhereThereAreNoTables) {
  const Bytes bytes = build_pe({});
  const PeFile file = parse(bytes);
  EXPECT_EQ(to_text(file.imports()), "");
  EXPECT_EQ(to_text(file.delay_imports()), "");
  EXPECT_EQ(to_text(file.exports()), "");
  EXPECT_EQ(to_text(file.resources()), "");
  EXPECT_FALSE(file.version_info()->has_value());
  EXPECT_FALSE(file.embedded_manifest()->has_value());
  EXPECT_TRUE(file.platform_invoke_modules()->empty());
}

TEST(PeFile, FindsSectionsByName) {
  const Bytes bytes = build_pe({.api_set_schema = {1, 2, 3}});
  const auto section = parse(bytes).section(".apiset");
  ASSERT_TRUE(section);
  EXPECT_EQ(Bytes(section->begin(), section->end()), (Bytes{1, 2, 3}));
  EXPECT_FALSE(parse(bytes).section(".nothing"));
}

TEST(PeFile, PlatformInvokeModules) {
  const Bytes bytes = build_pe({.platform_invokes = {"kernel32.dll", "ws2_32", "System.Native"}});
  EXPECT_EQ(*parse(bytes).platform_invoke_modules(),
            (std::vector<std::string>{"kernel32.dll", "ws2_32", "System.Native"}));
}

TEST(PeFile, PlatformInvokeModulesBehindLargeHeaps) {
  std::vector<std::string> many;
  for (int i = 0; i < 300; ++i) many.push_back("module" + std::to_string(i));
  for (const bool large_heaps : {false, true}) {
    PeDescription description{.platform_invokes = many};
    description.clr_heaps_are_large = large_heaps;
    const Bytes bytes = build_pe(description);
    EXPECT_EQ(*parse(bytes).platform_invoke_modules(), many);
  }
}

TEST(PeFile, TakesZerosBehindTheRawDataAsTheEndOfATable) {
  // The tables end where the raw data ends: the last 20 bytes of the import directory are cut off and must read as
  // zeros.
  Bytes bytes = build_pe({.imports = {{"a.dll", {"f"}}}});
  const std::size_t rdata = section_header_offset(bytes, 1);
  const auto size = *read_le<std::uint32_t>(bytes, rdata + pe::SectionHeader::kVirtualSize);
  const auto cut = static_cast<std::uint32_t>(size - pe::ImportDescriptor::kSize);
  ByteWriter(bytes).put_le32_at(rdata + pe::SectionHeader::kRawSize, cut);
  EXPECT_EQ(to_text(parse(bytes).imports()), "a.dll: f\n");
  ByteWriter(bytes).put_le32_at(rdata + pe::SectionHeader::kVirtualSize, cut);
  EXPECT_EQ(to_text(parse(bytes).imports()),
            "cannot read PE file app.exe: the import directory lies outside the file (RVA 0x2058)");
}

}  // namespace
}  // namespace winnow::testing
