#include "image/boot/bcd_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/utf16.hpp"
#include "formats/bcd.hpp"
#include "formats/regf.hpp"
#include "image/boot/bcd_reader.hpp"
#include "image/hive/hive_reader.hpp"
#include "unit/boot/hive_text.hpp"

namespace winnow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

BcdInput uefi_input() {
  BcdInput input;
  input.firmware = Firmware::uefi;
  const Guid disk = parse_guid("d15c0000-0001-4002-8003-000000000004");
  input.system_device = GptDevice{disk, parse_guid("e5900000-0001-4002-8003-000000000004")};
  input.os_device = GptDevice{disk, parse_guid("05000000-0001-4002-8003-000000000004")};
  input.loader = parse_guid("01234567-89ab-4def-8123-456789abcdef");
  input.title = "Minimal Windows";
  return input;
}

BcdInput bios_input() {
  BcdInput input = uefi_input();
  input.firmware = Firmware::bios;
  input.system_device = input.os_device = MbrDevice{0x43DA9AB1, 0x1F500000};
  return input;
}

Bytes must_write(const BcdInput& input) {
  auto store = write_bcd_store(input);
  EXPECT_TRUE(store) << (store ? "" : to_string(store.error()));
  return store.value_or(Bytes());
}

// Every object and element of a store as hivex reads it, in short: "{guid} type", "{guid} element = value".
std::vector<std::string> store_lines(ByteView store) {
  std::vector<std::string> lines;
  for (std::string line : test::hive_lines(store)) {
    const std::size_t value = line.find(" = ");
    if (value == std::string::npos) continue;
    for (const std::string_view part : {"NewStoreRoot\\", "Objects\\", "Description ", "Elements\\", "Element "}) {
      if (const std::size_t at = line.find(part); at < line.find(" = ")) line.erase(at, part.size());
    }
    std::replace(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(line.find(" = ")), '\\', ' ');
    lines.push_back(line);
  }
  return lines;
}

constexpr std::string_view kEspDevice =
    "BINARY 00000000000000000000000000000000"
    "06000000"
    "00000000"
    "4800000000000000"
    "000090e5010002408003000000000004"
    "00000000"
    "00000000"
    "00005cd1010002408003000000000004"
    "00000000000000000000000000000000";
constexpr std::string_view kGptDevice =
    "BINARY 00000000000000000000000000000000"
    "06000000"
    "00000000"
    "4800000000000000"
    "00000005010002408003000000000004"
    "00000000"
    "00000000"
    "00005cd1010002408003000000000004"
    "00000000000000000000000000000000";
// As `bcdedit /set device partition=C:` made it (windows-formats.md 4.4).
constexpr std::string_view kMbrDevice =
    "BINARY 00000000000000000000000000000000"
    "06000000"
    "00000000"
    "4800000000000000"
    "0000501f000000000000000000000000"
    "00000000"
    "01000000"
    "b19ada43000000000000000000000000"
    "00000000000000000000000000000000";
constexpr std::string_view kBootDevice =
    "BINARY 00000000000000000000000000000000"
    "05000000"
    "00000000"
    "4800000000000000"
    "00000000000000000000000000000000"
    "00000000"
    "00000000"
    "00000000000000000000000000000000"
    "00000000000000000000000000000000";

std::string line(std::string_view object, std::string_view element, std::string_view value) {
  return std::string(object) + " " + std::string(element) + " = " + std::string(value);
}

constexpr std::string_view kManager = "{9dea862c-5cdd-4e70-acc1-f32b344d4795}";
constexpr std::string_view kLoader = "{01234567-89ab-4def-8123-456789abcdef}";
constexpr std::string_view kGlobal = "{7ea2e1ac-2e61-4728-aaa3-896d9d0a9f0e}";
constexpr std::string_view kLoaderSettings = "{6efb52bf-1766-41db-a6b3-0ee5eff72bd7}";
constexpr std::string_view kDebugger = "{4636856e-540f-4170-a130-a84776f4c654}";
constexpr std::string_view kEms = "{0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9}";
constexpr std::string_view kBadMemory = "{5189b25c-5558-4bf2-bca4-289b11bd29e2}";
constexpr std::string_view kHypervisor = "{7ff607e0-4395-11db-b0de-0800200c9a66}";

std::string multi(std::initializer_list<std::string_view> guids) {
  std::string text = "MULTI_SZ ";
  for (const std::string_view guid : guids) text += std::string(guid) + "|";
  return text + "|";
}

// windows-formats.md 4.3, row by row, of a GPT disk.
TEST(BcdStore, HoldsWhatBcdbootWrites) {
  const std::vector<std::string> expected = {
      "KeyName = SZ BCD00000000|",
      "System = DWORD 01000000",
      "TreatAsSystem = DWORD 01000000",
      line(kLoader, "Type", "DWORD 03002010"),
      line(kLoader, "11000001", kGptDevice),
      line(kLoader, "12000002", "SZ \\Windows\\system32\\winload.efi|"),
      line(kLoader, "12000004", "SZ Minimal Windows|"),
      line(kLoader, "12000005", "SZ en-US|"),
      line(kLoader, "14000006", multi({kLoaderSettings})),
      line(kLoader, "16000009", "BINARY 00"),
      line(kLoader, "16000060", "BINARY 01"),
      line(kLoader, "17000077", "BINARY 7500001500000000"),
      line(kLoader, "21000001", kGptDevice),
      line(kLoader, "22000002", "SZ \\Windows|"),
      line(kLoader, "25000020", "BINARY 0100000000000000"),
      line(kLoader, "250000c2", "BINARY 0100000000000000"),
      line(kLoader, "250000e0", "BINARY 0100000000000000"),
      line(kEms, "Type", "DWORD 00001020"),
      line(kEms, "16000020", "BINARY 00"),
      line(kDebugger, "Type", "DWORD 00001020"),
      line(kDebugger, "15000011", "BINARY 0400000000000000"),
      line(kBadMemory, "Type", "DWORD 00001020"),
      line(kLoaderSettings, "Type", "DWORD 03002020"),
      line(kLoaderSettings, "14000006", multi({kGlobal, kHypervisor})),
      line(kGlobal, "Type", "DWORD 00001020"),
      line(kGlobal, "14000006", multi({kDebugger, kEms, kBadMemory})),
      line(kHypervisor, "Type", "DWORD 03002020"),
      line(kHypervisor, "250000f3", "BINARY 0000000000000000"),
      line(kHypervisor, "250000f4", "BINARY 0100000000000000"),
      line(kHypervisor, "250000f5", "BINARY 00c2010000000000"),
      line(kManager, "Type", "DWORD 02001010"),
      line(kManager, "11000001", kEspDevice),
      line(kManager, "12000002", "SZ \\EFI\\Microsoft\\Boot\\bootmgfw.efi|"),
      line(kManager, "12000004", "SZ Windows Boot Manager|"),
      line(kManager, "12000005", "SZ en-US|"),
      line(kManager, "14000006", multi({kGlobal})),
      line(kManager, "23000003", "SZ " + std::string(kLoader) + "|"),
      line(kManager, "24000001", multi({kLoader})),
      line(kManager, "25000004", "BINARY 0000000000000000"),
  };
  EXPECT_THAT(store_lines(must_write(uefi_input())), ElementsAreArray(expected));
}

TEST(BcdStore, OfABiosNamesPartitionsBySignatureAndTheOtherLoader) {
  const auto lines = store_lines(must_write(bios_input()));
  EXPECT_THAT(lines, IsSupersetOf({line(kManager, "11000001", kMbrDevice), line(kLoader, "11000001", kMbrDevice),
                                   line(kLoader, "21000001", kMbrDevice),
                                   line(kLoader, "12000002", "SZ \\Windows\\system32\\winload.exe|")}));
  for (const std::string& found : lines) {
    EXPECT_FALSE(found.starts_with(line(kManager, "12000002", ""))) << "only UEFI is told where the boot manager is";
    EXPECT_FALSE(found.starts_with(line(kLoader, "16000060", "")));
  }
}

TEST(BcdStore, DevicesWithoutAPlace) {
  BcdInput input = bios_input();
  input.system_device = BootPartition{};
  input.os_device = LocatePartition{};
  const std::string head =
      "BINARY 00000000000000000000000000000000"
      "08000000"
      "00000000"
      "4800000000000000"
      "00000000";
  const std::string tail(96, '0');
  EXPECT_THAT(store_lines(must_write(input)), IsSupersetOf({line(kManager, "11000001", kBootDevice),
                                                            line(kLoader, "11000001", head + "02000012" + tail),
                                                            line(kLoader, "21000001", head + "02000022" + tail)}));
}

// The same of a partition in place of "boot"; what it would be on Windows' own disks was not at hand.
TEST(BcdStore, ARamDiskIsMadeOfAFileOfTheVolume) {
  BcdInput input = uefi_input();
  input.ram_disk = RamDiskBoot{};
  const std::string device =
      "BINARY e03455ae24a96c46b836758539a3ee3a"
      "00000000"
      "01000000"
      "a000000000000000"
      "03000000"
      "0000000000000000000000000000000000000000"
      "01000000"
      "78000000"
      "05000000" +
      std::string(kGptDevice.substr(kGptDevice.find("06000000"))) +
      "5c0073006f00750072006300650073005c0062006f006f0074002e00770069006d000000";
  const auto lines = store_lines(must_write(input));
  const std::string_view options = "{ae5534e0-a924-466c-b836-758539a3ee3a}";
  EXPECT_THAT(lines, IsSupersetOf({line(kLoader, "11000001", device), line(kLoader, "21000001", device),
                                   line(kLoader, "26000010", "BINARY 01"), line(kLoader, "26000022", "BINARY 01"),
                                   line(options, "Type", "DWORD 00000030"), line(options, "31000003", kGptDevice),
                                   line(options, "32000004", "SZ \\boot\\boot.sdi|")}));
  EXPECT_EQ(lines.size(), store_lines(must_write(uefi_input())).size() + 5);
}

TEST(BcdStore, Options) {
  BcdInput input = uefi_input();
  input.options.locale = "de-DE";
  input.options.timeout_seconds = 30;
  input.options.ems = SerialPort{2, 9600};
  input.options.debugger = SerialPort{1, 115200};
  input.options.test_signing = true;
  input.options.nx_opt_out = false;
  input.options.ignore_failures = false;
  const auto lines = store_lines(must_write(input));
  EXPECT_THAT(
      lines,
      IsSupersetOf({line(kManager, "12000005", "SZ de-DE|"), line(kLoader, "12000005", "SZ de-DE|"),
                    line(kManager, "25000004", "BINARY 1e00000000000000"), line(kManager, "16000020", "BINARY 01"),
                    line(kEms, "16000020", "BINARY 01"), line(kEms, "15000022", "BINARY 0200000000000000"),
                    line(kEms, "15000023", "BINARY 8025000000000000"), line(kLoader, "260000b0", "BINARY 01"),
                    line(kLoader, "260000a0", "BINARY 01"), line(kDebugger, "15000011", "BINARY 0000000000000000"),
                    line(kDebugger, "15000013", "BINARY 0100000000000000"),
                    line(kDebugger, "15000014", "BINARY 00c2010000000000"), line(kLoader, "16000049", "BINARY 01"),
                    line(kLoader, "25000020", "BINARY 0000000000000000")}));
  for (const std::string& found : lines) {
    EXPECT_FALSE(found.starts_with(line(kLoader, "16000009", ""))) << found;
    EXPECT_FALSE(found.starts_with(line(kLoader, "250000e0", ""))) << found;
  }
}

TEST(BcdStore, EveryWayToDebug) {
  const auto settings = [](const Debugger& debugger) {
    BcdInput input = uefi_input();
    input.options.debugger = debugger;
    std::vector<std::string> found;
    for (const std::string& text : store_lines(must_write(input))) {
      if (text.starts_with(std::string(kDebugger) + " 1")) found.push_back(text.substr(kDebugger.size() + 1));
    }
    return found;
  };
  EXPECT_THAT(settings(NetDebugger{0xC0A80164, 64000, "1.2.3.4", "1.5.0"}),
              ElementsAreArray({"12000019 = SZ 1.5.0|", "1200001d = SZ 1.2.3.4|", "15000011 = BINARY 0300000000000000",
                                "1500001a = BINARY 6401a8c000000000", "1500001b = BINARY 00fa000000000000",
                                "1600001c = BINARY 01"}));
  EXPECT_THAT(settings(FirewireDebugger{3}),
              ElementsAreArray({"15000011 = BINARY 0100000000000000", "15000015 = BINARY 0300000000000000"}));
  EXPECT_THAT(settings(UsbDebugger{"nano"}),
              ElementsAreArray({"12000016 = SZ nano|", "15000011 = BINARY 0200000000000000"}));
}

// What is read of a store makes the same store again.
TEST(BcdStore, SaysHowItWasMade) {
  std::vector<BcdOptions> all(6);
  all[1].locale = "de-DE";
  all[1].timeout_seconds = 30;
  all[1].nx_opt_out = all[1].ignore_failures = false;
  all[1].test_signing = true;
  all[1].ems = SerialPort{2, 9600};
  all[2].debugger = SerialPort{3, 57600};
  all[3].debugger = NetDebugger{0xC0A80164, 64000, "1.2.3.4", "1.5.0"};
  all[4].debugger = FirewireDebugger{3};
  all[5].debugger = UsbDebugger{"nano"};
  for (BcdInput input : {uefi_input(), bios_input()}) {
    for (const BcdOptions& options : all) {
      input.options = options;
      const Bytes store = must_write(input);
      const auto read = read_bcd_options(store);
      ASSERT_TRUE(read) << to_string(read.error());
      input.options = *read;
      EXPECT_EQ(must_write(input), store);
    }
  }
  EXPECT_EQ(to_string(read_bcd_options(Bytes(8192)).error()).substr(0, 32), "cannot read boot configuration: ");
}

TEST(BcdStore, EmsAndASerialDebuggerNeedPortsOfTheirOwn) {
  BcdInput input = uefi_input();
  input.options.ems = SerialPort{2, 9600};
  input.options.debugger = SerialPort{2, 115200};
  const auto store = write_bcd_store(input);
  ASSERT_FALSE(store);
  EXPECT_EQ(to_string(store.error()), "cannot use COM2 for the kernel debugger: Emergency Management Services use it");
  input.options.debugger = UsbDebugger{"nano"};
  EXPECT_TRUE(write_bcd_store(input));
}

TEST(BcdStore, IsAHiveAsBootManagersWantIt) {
  const Bytes store = must_write(uefi_input());
  ASSERT_TRUE(Hive::parse(store));
  EXPECT_EQ(read_le<std::uint32_t>(store, regf::base::kMinorVersion), 3u);
  EXPECT_EQ(store.size(), 4096u * 4);
  const std::string_view bytes = as_text(store);
  EXPECT_EQ(bytes.find(std::string_view("lh\1", 3)), std::string_view::npos);
  EXPECT_EQ(bytes.find(std::string_view("li\1", 3)), std::string_view::npos);
  const std::size_t root = *read_le<std::uint32_t>(store, regf::base::kRootCell) + 4100;
  EXPECT_EQ(read_le<std::uint16_t>(store, root + regf::nk::kFlags), 0x2C);
  EXPECT_EQ(bytes.substr(root + regf::nk::kName, 12), "NewStoreRoot");
}

// The descriptors of the root and of an object: (A;;0xF003F|0x60019;;;BA)(A;;0xF003F;;;SY).
TEST(BcdStore, IsForAdministratorsAndTheSystem) {
  const Bytes store = must_write(uefi_input());
  const std::string digits = to_hex(store);
  const std::string administrators = "01020000000000052000000020020000";
  const std::string system = "010100000000000512000000";
  EXPECT_THAT(digits, HasSubstr("00001800"
                                "3f000f00" +
                                administrators +
                                "00001400"
                                "3f000f00" +
                                system));
  EXPECT_THAT(digits, HasSubstr("00001800"
                                "19000600" +
                                administrators +
                                "00001400"
                                "3f000f00" +
                                system));
}

TEST(BcdStore, SameInputSameBytes) {
  EXPECT_EQ(must_write(uefi_input()), must_write(uefi_input()));
  BcdInput later = uefi_input();
  later.time = 1;
  EXPECT_NE(must_write(uefi_input()), must_write(later));
}

TEST(BcdStore, ATitleThatIsNotUtf8IsAnError) {
  BcdInput input = uefi_input();
  input.title = "\xFF";
  const auto store = write_bcd_store(input);
  ASSERT_FALSE(store);
  EXPECT_EQ(to_string(store.error()), "cannot write boot configuration: \"\xFF\" is not UTF-8");
}

// A store that Microsoft shipped (Windows PE media, 2011): every object and element that both have is of the same type
// and, where it does not depend on the disk, the same value.
class RealStore : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path path = std::filesystem::path(WINNOW_SOURCE_DIR) / "../shared/data/hives/BCD";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    real_ = store_lines(bytes_);
  }
  // "type of value" for every element: "16000020 BINARY".
  static std::map<std::string, std::string> types_of(const std::vector<std::string>& lines) {
    std::map<std::string, std::string> types;
    for (const std::string& found : lines) {
      const std::size_t equals = found.find(" = ");
      const std::size_t name = found.rfind(' ', equals - 1) + 1;
      types[found.substr(name, equals - name)] = found.substr(equals + 3, found.find(' ', equals + 3) - equals - 3);
    }
    return types;
  }
  Bytes bytes_;
  std::vector<std::string> real_;
};

TEST_F(RealStore, ElementsHaveTheRegistryTypesOfOurs) {
  BcdInput input = uefi_input();
  input.options.debugger = SerialPort{2, 115200};
  input.options.ems = SerialPort{};
  const auto ours = types_of(store_lines(must_write(input)));
  const auto theirs = types_of(real_);
  std::set<std::string> compared;
  for (const auto& [element, type] : ours) {
    if (const auto found = theirs.find(element); found != theirs.end()) {
      EXPECT_EQ(type, found->second) << element;
      compared.insert(element);
    }
  }
  EXPECT_GE(compared.size(), 20u) << "elements that both stores have";
}

TEST_F(RealStore, IsRead) {
  const auto options = read_bcd_options(bytes_);
  ASSERT_TRUE(options) << to_string(options.error());
  EXPECT_EQ(options->locale, "en-US");
  EXPECT_EQ(options->timeout_seconds, 30u);
  EXPECT_TRUE(options->nx_opt_out);
  EXPECT_FALSE(options->ems.has_value());
  EXPECT_FALSE(options->debugger.has_value());
}

TEST_F(RealStore, ObjectsHaveTheTypesAndInheritanceOfOurs) {
  const auto ours = store_lines(must_write(uefi_input()));
  std::vector<std::string> real;
  for (const std::string& found : real_)
    real.push_back(found.substr(found.find('{') == std::string::npos ? 0 : found.find('{')));
  for (const auto object : {kManager, kGlobal, kLoaderSettings, kDebugger, kEms, kHypervisor}) {
    const auto type =
        std::find_if(ours.begin(), ours.end(), [&](const auto& l) { return l.starts_with(line(object, "Type", "")); });
    EXPECT_THAT(real, Contains(*type));
  }
  EXPECT_THAT(real, Contains(line(kLoaderSettings, "14000006", multi({kGlobal, kHypervisor}))));
  EXPECT_THAT(real, Contains(HasSubstr(" 31000003 = " + std::string(kBootDevice))))
      << "the device \"boot\" is byte for byte ours";
}

// Windows PE starts from a WIM file in memory: the same description gives the same bytes.
TEST_F(RealStore, TheRamDiskIsByteForByteOurs) {
  BcdInput input = uefi_input();
  input.os_device = BootPartition{};
  input.loader = parse_guid("7619dcc9-fafe-11d9-b411-000476eba25f");
  input.ram_disk = RamDiskBoot{};
  input.ram_disk->options = parse_guid("7619dcc8-fafe-11d9-b411-000476eba25f");
  std::size_t compared = 0;
  for (const std::string& ours : store_lines(must_write(input))) {
    const bool is_ram_disk =
        ours.starts_with("{7619dcc8") || ours.starts_with("{7619dcc9-fafe-11d9-b411-000476eba25f} 11000001") ||
        ours.starts_with("{7619dcc9-fafe-11d9-b411-000476eba25f} 21000001") || ours.find(" 2600") != std::string::npos;
    if (!is_ram_disk) continue;
    EXPECT_THAT(real_, Contains(::testing::EndsWith(ours)));
    ++compared;
  }
  EXPECT_EQ(compared, 7u);
}

}  // namespace
}  // namespace winnow
