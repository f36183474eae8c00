// One mutated layer for each rule: it breaks that rule and no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "image/container/layer_check.hpp"
#include "unit/image/layer_fixture.hpp"

namespace winnow {
namespace {

using test::TarItem;
using Items = std::vector<TarItem>;

constexpr const char* kNtdll = "Files/Windows/System32/ntdll.dll";

std::string print(const std::vector<Violation>& violations) {
  std::string text;
  for (const Violation& v : violations) text += std::to_string(v.rule) + " " + v.subject + ": " + v.message + "\n";
  return text;
}

std::string verdict_on(std::string_view tar) {
  std::vector<Violation> violations;
  std::ignore = check_layer(as_bytes(tar), "layer", violations);
  return print(violations);
}

std::string verdict(const std::function<void(Items&)>& mutate) {
  Items items = test::sound_layer();
  mutate(items);
  return verdict_on(test::tar_of(items));
}

TEST(LayerRules, SoundLayerBreaksNone) {
  std::vector<Violation> violations;
  const std::string tar = test::tar_of(test::sound_layer());
  const LayerFacts facts = check_layer(as_bytes(tar), "layer", violations);
  EXPECT_EQ(print(violations), "");
  EXPECT_EQ(facts.entries, 24u);
  EXPECT_EQ(facts.diff_id, sha256(as_bytes(tar)));
  EXPECT_EQ(facts.os_version, "10.0.20348.2113");
}

TEST(LayerRules, Rule1SlashAtTheEnd) {
  EXPECT_EQ(verdict([](Items& items) { test::item(items, "UtilityVM/Files").name += '/'; }),
            "1 UtilityVM/Files/: its name ends in '/'\n");
}

TEST(LayerRules, Rule2ParentFirst) {
  EXPECT_EQ(verdict([](Items& items) { test::add_behind(items, kNtdll, test::file("Files/app/x.exe", "")); }),
            "2 Files/app/x.exe: its folder \"Files/app\" does not come before it\n");
}

TEST(LayerRules, Rule3TargetFirst) {
  const auto add = [](const char* target) {
    return [=](Items& items) { test::add_behind(items, kNtdll, test::link("Files/a.dll", target)); };
  };
  EXPECT_EQ(verdict(add("Files/b.dll")), "3 Files/a.dll: its target \"Files/b.dll\" is no file that comes before it\n");
  EXPECT_EQ(verdict(add("Files/Windows")),
            "3 Files/a.dll: its target \"Files/Windows\" is no file that comes before it\n");
  EXPECT_EQ(verdict(add("files/Windows/System32/ntdll.dll")),
            "3 Files/a.dll: its target \"files/Windows/System32/ntdll.dll\" is no file that comes before it\n");
}

TEST(LayerRules, Rule4UniqueWithoutCase) {
  EXPECT_EQ(verdict([](Items& items) {
              test::add_behind(items, kNtdll, test::file("Files/Windows/System32/NTDLL.dll", ""));
            }),
            "4 Files/Windows/System32/NTDLL.dll: it differs from \"Files/Windows/System32/ntdll.dll\" only in case\n");
  EXPECT_EQ(verdict([](Items& items) { test::add_behind(items, kNtdll, test::file(kNtdll, "")); }),
            "4 Files/Windows/System32/ntdll.dll: it is there twice\n");
}

TEST(LayerRules, Rule5FilesFirst) {
  EXPECT_EQ(verdict([](Items& items) { items.push_back(test::file("Files/late.txt", "")); }),
            "5 Files/late.txt: it comes after entries of UtilityVM\n");
}

TEST(LayerRules, Rule6LinkDirection) {
  EXPECT_EQ(
      verdict([](Items& items) {
        test::add_behind(items, kNtdll, test::link("Files/a.efi", "UtilityVM/Files/EFI/Microsoft/Boot/bootmgfw.efi"));
      }),
      "6 Files/a.efi: it links from Files into UtilityVM, to \"UtilityVM/Files/EFI/Microsoft/Boot/bootmgfw.efi\"\n");
}

TEST(LayerRules, Rule7Names) {
  const auto named = [](const std::string& name) {
    return verdict([&](Items& items) { test::add_behind(items, kNtdll, test::file(name, "")); });
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Files/a:b", "its name holds ':'"},
      {"Files/a\\b", "its name holds '\\'"},
      {"Files/.wh.a", "it is a whiteout"},
      {"Files/a.$wcidirs$", "its name belongs to Windows' own links"},
      {"Files/$Recycle.Bin", "a recycle bin is no part of a layer"},
      {"Files/a.", "a part of its name ends in a dot or a space"},
      {"Files/a\x01", "its name holds a control character"},
      {"Files/../a", "its name leads elsewhere"},
      {"Files//a", "its name has an empty part"},
      {"/Files/a", "its name is absolute"},
      {"Files/\xff", "its name is not UTF-8"},
      {"Hives", "the host makes it at import"},
      {"Layout", "the host makes it at import"},
      {"blank.vhdx", "the host makes it at import"},
      {"bcd.log1.bak", "the host makes it at import"},
      {"tombstones.txt", "the host makes it at import"},
      {"Extra", "it lies neither in Files nor in UtilityVM"},
      {"files", "it lies neither in Files nor in UtilityVM"},
      {"UtilityVM/x", "UtilityVM holds nothing but Files"},
  };
  for (const auto& [name, message] : cases) EXPECT_EQ(named(name), "7 " + name + ": " + message + "\n");
}

TEST(LayerRules, Rule7Types) {
  const auto typed = [](char type) {
    return verdict([&](Items& items) { test::add_behind(items, kNtdll, {"Files/x", type, "", "", {}}); });
  };
  EXPECT_EQ(typed('2'), "7 Files/x: it is a symbolic link\n");
  EXPECT_EQ(typed('6'), "7 Files/x: its type is '6'\n");
}

TEST(LayerRules, Rule8Hives) {
  const char* name = "Files/Windows/System32/config/SAM";
  EXPECT_EQ(verdict([=](Items& items) { test::item(items, name).content.clear(); }),
            "8 Files/Windows/System32/config/SAM: cannot read hive: it has 0 bytes, the least is 8192\n");
  EXPECT_EQ(verdict([=](Items& items) { test::item(items, name).name = "Files/Windows/System32/config/sam"; }),
            "8 Files/Windows/System32/config/SAM: it is missing\n");
}

TEST(LayerRules, Rule9BootStore) {
  const char* name = "UtilityVM/Files/EFI/Microsoft/Boot/BCD";
  EXPECT_EQ(verdict([=](Items& items) { test::item(items, name).content = test::boot_store("{elsewhere}"); }),
            "9 UtilityVM/Files/EFI/Microsoft/Boot/BCD: its default object \"{elsewhere}\" is no loader\n");
  EXPECT_EQ(verdict([=](Items& items) { test::item(items, name).content = test::hive_text(HiveKey{}); }),
            "9 UtilityVM/Files/EFI/Microsoft/Boot/BCD: its boot manager has no default object\n");
  EXPECT_EQ(verdict([=](Items& items) { test::item(items, name).content = "BCD"; }),
            "9 UtilityVM/Files/EFI/Microsoft/Boot/BCD: cannot read hive: it has 3 bytes, the least is 8192\n");
}

std::string with_record(const std::string& key, const std::string& value) {
  return verdict([&](Items& items) {
    auto& records = test::item(items, kNtdll).records;
    records.erase(key);
    if (!value.empty()) records[key] = value;
  });
}

TEST(LayerRules, Rule10Attributes) {
  const std::string place = std::string("10 ") + kNtdll + ": ";
  EXPECT_EQ(with_record("MSWINDOWS.fileattr", ""), place + "it has no MSWINDOWS.fileattr\n");
  EXPECT_EQ(with_record("MSWINDOWS.fileattr", "0x20"), place + "its attributes \"0x20\" are no number\n");
  EXPECT_EQ(with_record("MSWINDOWS.fileattr", "4294967296"), place + "its attributes \"4294967296\" are no number\n");
  EXPECT_EQ(with_record("MSWINDOWS.fileattr", "48"), place + "it is a file, its attributes 48 say otherwise\n");
}

TEST(LayerRules, Rule11SecurityDescriptor) {
  const std::string place = std::string("11 ") + kNtdll + ": ";
  EXPECT_EQ(with_record("MSWINDOWS.rawsd", ""), "");  // it inherits
  EXPECT_EQ(with_record("MSWINDOWS.rawsd", "%%"), place + "its security descriptor is no base64\n");
  Bytes descriptor = *parse_sddl(kFileSddl);
  const Bytes good = descriptor;
  const auto judge = [&](const std::string& fault) {
    EXPECT_EQ(with_record("MSWINDOWS.rawsd", to_base64(descriptor)),
              place + "its security descriptor is wrong: " + fault + "\n");
    descriptor = good;
  };
  descriptor[3] = 0;
  judge("it is not self-relative");
  descriptor[4] = 0xFF;
  judge("its owner is no SID inside it");
  descriptor[19] = 0x01;
  judge("its DACL is no ACL inside it");
  descriptor.resize(19);
  judge("it is shorter than 20 bytes");
}

TEST(LayerRules, Rule12Times) {
  const std::string place = std::string("12 ") + kNtdll + ": ";
  for (const std::string key : {"LIBARCHIVE.creationtime", "atime", "ctime"}) {
    EXPECT_EQ(with_record(key, ""), place + "it has no " + key + "\n");
  }
  EXPECT_EQ(with_record("atime", "1.12345678"),
            place + "its atime \"1.12345678\" is no time of at most 7 fractional digits\n");
  EXPECT_EQ(with_record("mtime", "1."), place + "its mtime \"1.\" is no time of at most 7 fractional digits\n");
  EXPECT_EQ(with_record("mtime", "-5.25"), "");
}

TEST(LayerRules, Rule13StandardFilesAreNoLinks) {
  EXPECT_EQ(verdict([](Items& items) {
              auto& boot = test::item(items, "UtilityVM/Files/EFI/Microsoft/Boot/bootmgfw.efi");
              boot = test::link(boot.name, kNtdll);
            }),
            "13 UtilityVM/Files/EFI/Microsoft/Boot/bootmgfw.efi: importers want it as a file, it is a hard link\n");
  EXPECT_EQ(verdict([](Items& items) {
              auto& hive = test::item(items, "Files/Windows/System32/config/SYSTEM");
              hive = test::link(hive.name, "Files/Windows/System32/config/SAM");
            }),
            "13 Files/Windows/System32/config/SYSTEM: importers want it as a file, it is a hard link\n");
}

TEST(LayerRules, Rule14End) {
  const std::string tar = test::tar_of(test::sound_layer());
  EXPECT_EQ(verdict_on(tar.substr(0, tar.size() - 512)), "14 layer: its tar does not end in two zero blocks\n");
  EXPECT_EQ(verdict_on(tar.substr(0, tar.size() - 1024)), "14 layer: its tar does not end in two zero blocks\n");
  EXPECT_EQ(verdict_on(tar + std::string(10, '\0')),
            "14 layer: its tar has " + std::to_string(tar.size() + 10) + " bytes, no multiple of 512\n");
  EXPECT_EQ(verdict_on(tar + std::string(512, 'x')), "14 layer: its tar goes on after the zero blocks that end it\n");
  EXPECT_EQ(verdict_on(tar + std::string(8192, '\0')), "");
}

TEST(LayerRules, DamagedTarIsToldOnce) {
  Items items = test::sound_layer();
  items[3].wrong_checksum = true;
  EXPECT_EQ(verdict_on(test::tar_of(items)),
            "0 layer: cannot read layer: the header at byte 5632 has a wrong checksum\n");
}

TEST(LayerRules, TruncationIsFoundAtEveryBlock) {
  const std::string tar = test::tar_of(test::sound_layer());
  for (std::size_t size = 0; size + 1024 <= tar.size(); size += 129)
    EXPECT_NE(verdict_on(tar.substr(0, size)), "") << size;
}

}  // namespace
}  // namespace winnow
