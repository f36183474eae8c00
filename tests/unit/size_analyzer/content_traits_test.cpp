// What contents and names say: kinds, languages, parts of PE files and hives, names in the component store, services.
#include "size_analyzer/content_traits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "size_analyzer/component_store.hpp"
#include "size_analyzer/hive_space.hpp"
#include "size_analyzer/registry_facts.hpp"
#include "support/hive_builder.hpp"
#include "support/pe_builder.hpp"

namespace winnow {
namespace {

using namespace testing;
using ::testing::ElementsAre;

TEST(ExamineContent, TellsProgramsFromModules) {
  const ContentTraits program = examine_content("a.bin", build_pe({.imports = {{"KERNEL32.dll", {"ExitProcess"}}}}));
  EXPECT_EQ(program.kind, ByteKind::executable);
  EXPECT_EQ(program.architecture, "amd64");
  EXPECT_THAT(program.imports, ElementsAre("kernel32.dll"));
  EXPECT_EQ(examine_content("a.dll", build_pe({.machine = kPeX86, .is_dll = true})).architecture, "x86");
  EXPECT_EQ(examine_content("a.exe", as_bytes("#!/bin/sh")).kind, ByteKind::data);
  EXPECT_EQ(examine_content("Windows/Fonts/a.TTF", {}).kind, ByteKind::font);
  EXPECT_EQ(examine_content("Windows/System32/c_437.nls", {}).kind, ByteKind::nls);
}

TEST(ExamineContent, CountsTheSignatureOnceAndInsideTheFile) {
  Bytes file = build_pe({.is_dll = true});
  const std::size_t size = file.size();
  const std::size_t directory = 0x80 + 4 + pe::CoffHeader::kSize + pe::OptionalHeader::kDirectoryCount64 + 4 +
                                4 * pe::OptionalHeader::kDirectorySize;
  ByteWriter out(file);
  out.put_le32_at(directory, static_cast<std::uint32_t>(size));
  out.put_le32_at(directory + 4, 5000);  // more than there is
  out.zeros(300);
  const ContentTraits traits = examine_content("a.dll", file);
  ASSERT_EQ(traits.parts.size(), 1u);
  EXPECT_EQ(traits.parts[0].kind, ByteKind::signature);
  EXPECT_EQ(traits.parts[0].size, 300u);
}

TEST(ExamineContent, FreeCellsOfAHiveAreSlack) {
  const Bytes hive = HiveBuilder().build({"root", {{"a", 1, Bytes(10)}}, {}});
  const ContentTraits traits = examine_content("Windows/System32/config/SOFTWARE", hive);
  EXPECT_EQ(traits.kind, ByteKind::registry_hive);
  ASSERT_EQ(traits.parts.size(), 1u);
  EXPECT_EQ(traits.parts[0].name, "free cells");
  EXPECT_GT(traits.parts[0].size, 3000u);
}

TEST(MeasureHive, StopsWhereCellsMakeNoSense) {
  Bytes hive = HiveBuilder().build({"root", {}, {}});
  ByteWriter(hive).put_le32_at(regf::kBaseBlockSize + regf::kBinHeaderSize, 0);  // a cell of no size: a loop
  EXPECT_EQ(measure_hive(hive).fault, "the bin at byte 4096 of the hive makes no sense");
  EXPECT_EQ(measure_hive(hive).free_cells, 0u);
  hive.resize(5000);
  EXPECT_EQ(measure_hive(hive).fault, "the bin at byte 4096 of the hive makes no sense");
}

TEST(Language, IsThatOfTheInnermostFolder) {
  EXPECT_EQ(language_of_path("Windows/System32/en-us/a.dll.mui"), "en-US");
  EXPECT_EQ(language_of_path("Windows/de-DE/sr-Latn-RS/x"), "sr-Latn-RS");
  EXPECT_EQ(language_of_path("Windows/System32/a.mui"), "");
  EXPECT_FALSE(is_language_tag("ab-cde"));
  EXPECT_EQ(language_of_number(0x407), "de-DE");
}

TEST(ComponentStore, NamesAreTakenApart) {
  const auto place = place_in_store(
      "Windows/WinSxS/amd64_microsoft-windows-c..shell_x_31bf3856ad364e35_10.0.17763.1_en-us_0123456789abcdef/a.dll");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->component.name, "microsoft-windows-c..shell_x");
  EXPECT_EQ(place->component.version, "10.0.17763.1");
  EXPECT_EQ(place->component.language, "en-us");
  EXPECT_TRUE(place->is_payload);
  EXPECT_FALSE(place_in_store("Windows/WinSxS/Temp/x"));
  EXPECT_FALSE(place_in_store("Windows/WinSxS/amd64_a_b_c_d_e/x"));
  const auto package = place_in_store("Windows/servicing/Packages/Foo-Package~31bf3856ad364e35~amd64~~10.0.1.2.mum");
  ASSERT_TRUE(package);
  EXPECT_EQ(package->component.name, "Foo-Package");
  EXPECT_TRUE(is_older("10.0.9.1", "10.0.10.1"));
  EXPECT_FALSE(is_older("10.0.10.1", "10.0.10.1"));
}

TEST(FileOfService, ResolvesWhatWindowsWrites) {
  const auto file_of = [](const std::string& path, const std::string& dll = "", bool is_driver = false) {
    return file_of_service({"Disk", "boot", is_driver, path, dll});
  };
  EXPECT_EQ(file_of("\\SystemRoot\\System32\\drivers\\disk.sys"), "windows/system32/drivers/disk.sys");
  EXPECT_EQ(file_of("System32\\drivers\\disk.sys"), "windows/system32/drivers/disk.sys");
  EXPECT_EQ(file_of("\"C:\\Program Files\\a b\\c.exe\" -k x"), "program files/a b/c.exe");
  EXPECT_EQ(file_of("%SystemRoot%\\system32\\svchost.exe -k netsvcs", "%SystemRoot%\\System32\\dnsrslvr.dll"),
            "windows/system32/dnsrslvr.dll");
  EXPECT_EQ(file_of("", "", true), "windows/system32/drivers/disk.sys");
  EXPECT_EQ(file_of(""), "");
}

}  // namespace
}  // namespace winnow
