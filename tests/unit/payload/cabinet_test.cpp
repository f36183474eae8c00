// Cabinets of our own, judged by 7z as well; hostile and damaged ones; Microsoft's.
#include "payload/cabinet.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "base/digest.hpp"
#include "base/file_system.hpp"
#include "payload/unpack.hpp"
#include "support/cabinet_builder.hpp"
#include "unit/payload/payload_text.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using testing::CabinetBuilder;
using testing::share;
using testing::text_of;
using Method = CabinetBuilder::Method;

std::string unpacked(const Bytes& cabinet) { return text_of(unpack_cabinet(share(cabinet), "a.cab")); }
std::string refused(const std::string& name) {
  return unpacked(CabinetBuilder().file("good", "x").file(name, "y").finish());
}

std::string long_text(std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) text += "line " + std::to_string(i * i) + "\n";
  return text;
}

// Two folders, several blocks each, and every field that may be reserved.
CabinetBuilder rich(Method method) {
  CabinetBuilder builder(method);
  builder.file("update.mum", "<assembly/>").file("amd64_x\\long.txt", long_text(9000)).file("empty", "");
  builder.folder(Method::stored).file("amd64_x\\odd.bin", "abc").reserve(20, 3, 5).behind(std::string(8640, '\x30'));
  return builder;
}

TEST(Cabinet, EveryMethodGivesTheFiles) {
  const std::string expected =
      "amd64_x/long.txt=" + long_text(9000) + "\namd64_x/odd.bin=abc\nempty=\nupdate.mum=<assembly/>\n";
  for (const Method method : {Method::stored, Method::mszip, Method::lzx}) {
    SCOPED_TRACE(static_cast<int>(method));
    EXPECT_EQ(unpacked(rich(method).finish()), expected);
  }
}

TEST(Cabinet, WhatWeBuildSevenZipReads) {
  if (std::system("7z >/dev/null 2>&1") != 0) {
    const char* prerequisites = std::getenv("WINNOW_TEST_PREREQUISITES");
    if (prerequisites != nullptr && std::string_view(prerequisites) == "required") FAIL() << "7z is not here";
    GTEST_SKIP() << "7z is not here";
  }
  const TemporaryDirectory folder = TemporaryDirectory::create("cabinet").value();
  for (const Method method : {Method::stored, Method::mszip, Method::lzx}) {
    const fs::path file = folder.path() / ("m" + std::to_string(static_cast<int>(method)) + ".cab");
    ASSERT_TRUE(write_file(file, rich(method).finish()));
    const std::string out = (folder.path() / file.stem()).string();
    ASSERT_EQ(std::system(("7z x -y -o" + out + " " + file.string() + " >/dev/null 2>&1").c_str()) & 0xFE00, 0);
    EXPECT_EQ(as_text(read_file(fs::path(out) / "amd64_x/long.txt", 1 << 20).value()), long_text(9000));
    EXPECT_EQ(as_text(read_file(fs::path(out) / "amd64_x/odd.bin", 100).value()), "abc");
  }
}

TEST(Cabinet, NamesThatLeadOutOrAreNone) {
  EXPECT_EQ(refused("..\\x"), "cannot take \"../x\" from a.cab: its path has a \"..\" component");
  EXPECT_EQ(refused("a\\..\\..\\x"), "cannot take \"a/../../x\" from a.cab: its path has a \"..\" component");
  EXPECT_EQ(refused("\\x"), "cannot take \"/x\" from a.cab: its path is absolute");
  EXPECT_EQ(refused("C:\\x"), "cannot take \"C:/x\" from a.cab: its path is absolute");
  EXPECT_EQ(refused("\\\\host\\share\\x"), "cannot take \"//host/share/x\" from a.cab: its path is absolute");
  EXPECT_EQ(refused(std::string("a\x01", 2)), "cannot take \"a\\x01\" from a.cab: its path holds a control character");
  EXPECT_EQ(refused("ab:stream"),
            "cannot take \"ab:stream\" from a.cab: Windows could not hold it\n"
            "  note: cannot use path \"ab:stream\": Windows names cannot hold ':'");
  EXPECT_EQ(refused("d\\x. "),
            "cannot take \"d/x. \" from a.cab: Windows could not hold it\n"
            "  note: cannot use path \"d/x. \": a Windows name cannot end in a dot or a space");
  for (const char* name : {"nul", "NUL.txt", "d\\con.x\\y", "Com1", "lpt9.log", "aux .x", "CONOUT$"}) {
    std::string shown = name;
    std::replace(shown.begin(), shown.end(), '\\', '/');
    EXPECT_EQ(refused(name), "cannot take \"" + shown + "\" from a.cab: it is the name of a device");
  }
  EXPECT_EQ(refused("good"), "cannot take \"good\" from a.cab: it occurs twice");
  EXPECT_EQ(refused("GooD"), "cannot take \"good\" from a.cab: it differs from \"GooD\" only in case");
  EXPECT_EQ(refused("com10\\console.nul"), "com10/console.nul=y\ngood=x\n");
}

TEST(Cabinet, WhatIsNoWholeCabinet) {
  EXPECT_EQ(unpacked({}), "cannot unpack a.cab: it is not a cabinet");
  EXPECT_EQ(unpacked(Bytes(100)), "cannot unpack a.cab: it is not a cabinet");
  Bytes cabinet = rich(Method::mszip).finish();
  EXPECT_EQ(unpacked({cabinet.begin(), cabinet.begin() + 30}), "cannot unpack a.cab: it ends in its header");
  EXPECT_EQ(
      unpacked({cabinet.begin(), cabinet.begin() + 5000}).find("cannot unpack a.cab: it has 5000 bytes, its header"),
      0u);
  cabinet[24] = 4;
  EXPECT_EQ(unpacked(cabinet), "cannot unpack a.cab: its version is 1.4, not 1.3");
  EXPECT_EQ(unpacked(CabinetBuilder().file("x", "y").flags(1).finish()),
            "cannot unpack a.cab: it is a part of a set of cabinets");
  EXPECT_EQ(unpacked(CabinetBuilder().file("x", "y").flags(2).finish()),
            "cannot unpack a.cab: it is a part of a set of cabinets");
}

TEST(Cabinet, DamagedDataIsOneError) {
  Bytes cabinet =
      CabinetBuilder(Method::stored).file("x", "content that is long enough to be there twice, twice").finish();
  cabinet[cabinet.size() - 3] ^= 0x10;
  EXPECT_EQ(unpacked(cabinet), "cannot take \"x\" from a.cab: checksum error CFDATA[0] 704f624d:704f724d in 52 bytes");
}

TEST(Cabinet, EveryFlippedBitGivesFilesOrOneError) {
  CabinetBuilder builder(Method::mszip);
  builder.file("a\\b", long_text(20)).folder(Method::lzx).file("c", long_text(5)).reserve(4, 1, 2);
  const Bytes cabinet = builder.finish();
  for (std::size_t bit = 0; bit < cabinet.size() * 8; ++bit) {
    Bytes damaged = cabinet;
    damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ 1u << bit % 8);
    const auto entries = unpack_cabinet(share(damaged), "a.cab");
    if (!entries) {
      EXPECT_EQ(entries.error().faults().size(), 1u);
    }
  }
  for (std::size_t size = 0; size < cabinet.size(); ++size) {
    EXPECT_FALSE(unpack_cabinet(share({cabinet.begin(), cabinet.begin() + static_cast<std::ptrdiff_t>(size)}), "a.cab"))
        << size;
  }
}

}  // namespace
}  // namespace winnow
