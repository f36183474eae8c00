#include "binary/binary_needs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "binary/module_names.hpp"
#include "support/pe_builder.hpp"
#include "unit/binary/pe_text.hpp"

namespace winnow::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Names = std::set<std::string, std::less<>>;

const Names kKnown{"kernel32.dll", "32.dll", "ntdll.dll", "secur32.dll", "user32.dll", "ws2_32.dll", "winspool.drv"};

std::vector<std::string> find_ascii(std::string_view text) { return ModuleNameFinder(kKnown).find(as_bytes(text)); }

std::vector<std::string> find_wide(std::string_view text) {
  return ModuleNameFinder(kKnown).find(*to_utf16le(text, false));
}

std::string with_nuls(std::string_view text) { return std::string("\0", 1) + std::string(text) + std::string("\0", 1); }

TEST(ModuleNames, InBothEncodingsAndAnyCase) {
  EXPECT_THAT(find_ascii(with_nuls("KERNEL32.dll") + with_nuls("ntdll.DLL")), ElementsAre("kernel32.dll", "ntdll.dll"));
  EXPECT_THAT(find_wide(with_nuls("Kernel32.DLL") + with_nuls("ws2_32.dll")),
              ElementsAre("kernel32.dll", "ws2_32.dll"));
  EXPECT_THAT(find_ascii("x" + std::string(as_text(*to_utf16le("user32.dll", false)))), ElementsAre("user32.dll"))
      << "at an odd offset";
}

TEST(ModuleNames, AtTheEdgesOfTheFile) {
  EXPECT_THAT(find_ascii("ntdll.dll"), ElementsAre("ntdll.dll"));
  EXPECT_THAT(find_wide("ntdll.dll"), ElementsAre("ntdll.dll"));
  EXPECT_THAT(find_ascii("ntdll.dl"), IsEmpty());
  EXPECT_THAT(find_ascii(".dll"), IsEmpty());
  EXPECT_THAT(find_ascii(""), IsEmpty());
}

TEST(ModuleNames, InPathsAndSentences) {
  EXPECT_THAT(find_ascii(with_nuls("C:\\Windows\\System32\\ntdll.dll")), ElementsAre("ntdll.dll"));
  EXPECT_THAT(find_ascii("cannot load user32.dll here"), ElementsAre("user32.dll"));
}

TEST(ModuleNames, LongestKnownNameInPackedStrings) {
  EXPECT_THAT(find_ascii("getsocknameuser32.dllws2_32.dllsecur32.dllinvalid"),
              ElementsAre("secur32.dll", "user32.dll", "ws2_32.dll"));
  EXPECT_THAT(find_ascii("mykernel32.dll and more"), ElementsAre("kernel32.dll")) << "not 32.dll";
  EXPECT_THAT(find_wide("happenkernel32.dllinvalid"), ElementsAre("kernel32.dll"));
}

TEST(ModuleNames, NotInANameOfItsOwn) {
  EXPECT_THAT(find_ascii(with_nuls("mykernel32.dll")), IsEmpty());
  EXPECT_THAT(find_wide(with_nuls("mykernel32.dll")), IsEmpty());
  EXPECT_THAT(find_ascii(with_nuls("C:\\app\\mykernel32.dll")), IsEmpty());
}

TEST(ModuleNames, OnlyWithTheExtensionDll) {
  EXPECT_THAT(find_ascii(with_nuls("winspool.drv") + with_nuls("ntdll") + with_nuls("ntdll.dlx")), IsEmpty());
}

TEST(ModuleNames, AcrossTheBordersOfParallelChunks) {
  constexpr std::size_t kChunk = std::size_t{4} << 20;
  for (std::size_t before = 0; before < 10; ++before) {
    std::string text(2 * kChunk + 100, '\0');
    text.replace(kChunk - before, 9, "ntdll.dll");
    text.replace(2 * kChunk - 2 * before, 10, "user32.dll");
    EXPECT_THAT(find_ascii(text), ElementsAre("ntdll.dll", "user32.dll")) << before;
  }
}

TEST(BinaryNeeds, ByStrength) {
  const Bytes bytes = build_pe({.imports = {{"KERNEL32.dll", {"ExitProcess"}}, {"API-MS-Win-Core-File-L1-2-0.dll", {}}},
                                .delay_imports = {{"WS2_32.dll", {"#1"}}, {"kernel32.dll", {"Sleep"}}},
                                .strings = {"kernel32.dll", "ws2_32.dll", "secur32.dll", "unheard-of.dll"},
                                .wide_strings = {"User32.DLL"},
                                .packed_strings = "invalidntdll.dllerror"});
  const auto needs = read_binary_needs(bytes, "app.exe", kKnown);
  ASSERT_TRUE(needs) << to_string(needs.error());
  EXPECT_EQ(needs->machine, Machine::amd64);
  EXPECT_FALSE(needs->managed);
  EXPECT_THAT(needs->imports, ElementsAre("api-ms-win-core-file-l1-2-0.dll", "kernel32.dll"));
  EXPECT_THAT(needs->delay_imports, ElementsAre("ws2_32.dll")) << "without what is imported anyway";
  EXPECT_THAT(needs->named, ElementsAre("ntdll.dll", "secur32.dll", "user32.dll"));
}

TEST(BinaryNeeds, PlatformInvokeNamesWithAndWithoutExtension) {
  const Bytes bytes = build_pe({.platform_invokes = {"ws2_32", "WinSpool.drv", "System.Native", "QCall", "__Internal",
                                                     "sub/own.dll", "C:\\dir\\Other", ""}});
  const auto needs = read_binary_needs(bytes, "app.exe", {});
  ASSERT_TRUE(needs) << to_string(needs.error());
  EXPECT_TRUE(needs->managed);
  EXPECT_THAT(needs->named, ElementsAre("other.dll", "own.dll", "system.native.dll", "winspool.drv", "ws2_32.dll"));
}

TEST(BinaryNeeds, ImportsWithoutExtensionGetTheLoaders) {
  const Bytes bytes = build_pe({.imports = {{"NTDLL", {}}, {"WINSPOOL.DRV", {}}, {"node.exe", {}}}});
  EXPECT_THAT(read_binary_needs(bytes, "app.exe", {})->imports, ElementsAre("node.exe", "ntdll.dll", "winspool.drv"));
}

TEST(BinaryNeeds, NotOfSomethingElse) {
  EXPECT_EQ(error_text(read_binary_needs(as_bytes("#!/bin/sh"), "run", {})),
            "cannot read PE file run: it does not begin with MZ");
}

TEST(LooksLikePe, ByItsTwoSignatures) {
  const Bytes good = build_pe({});
  EXPECT_TRUE(looks_like_pe(good));
  EXPECT_FALSE(looks_like_pe({}));
  EXPECT_FALSE(looks_like_pe(as_bytes("MZ")));
  EXPECT_FALSE(looks_like_pe(ByteView(good).first(0x82)));
  Bytes wild = good;
  ByteWriter(wild).put_le32_at(pe::DosHeader::kPeOffset, 0xffffffff);
  EXPECT_FALSE(looks_like_pe(wild));
}

}  // namespace
}  // namespace winnow::testing
