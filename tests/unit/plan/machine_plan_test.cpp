// A machine's settings in an image: whole answer files, whole command files, registry values; judged by xmllint.
#include "plan/machine_plan.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "plan/registry_builder.hpp"
#include "plan/registry_edit.hpp"

namespace winnow {
namespace {

template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : to_string(result.error());
}

ImagePlan empty_plan() {
  ImagePlan plan;
  plan.architecture = "amd64";
  plan.owners = {{OwnerKind::winnow, "winnow", "", "", ""}, {OwnerKind::app, "web", "1", "", ""}};
  plan.security_descriptors = {Bytes{1}, Bytes{2}};
  return plan;
}

MachineSettings settings_of(std::initializer_list<std::string_view> stated) {
  MachineSettings settings;
  std::uint32_t line = 0;
  for (const std::string_view name : stated) settings.stated[std::string(name)] = {"a.xml", ++line, 1};
  return settings;
}

void put_file(ImagePlan& plan, const WindowsPath& path, const std::string& text) {
  plan.tree[path] = {
      path, 0x20, 1, 0, 0, text.size(), sha256(as_bytes(text)), Content::of_bytes({text.begin(), text.end()})};
}

std::string text_of(const ImagePlan& plan, const WindowsPath& path) {
  const auto entry = plan.tree.find(path);
  if (entry == plan.tree.end()) return "not there";
  const auto loaded = entry->second.content->load();
  const std::string text(as_text(loaded->bytes()));
  EXPECT_EQ(entry->second.digest, sha256(as_bytes(text)));
  EXPECT_EQ(entry->second.size, text.size());
  return text;
}

// "path name=text" of every text value below a key of SYSTEM.
std::string value_of(const ImagePlan& plan, std::string_view key, std::string_view name) {
  const PlannedKey* found = find_key(plan.registry, HiveId::system, key);
  return found == nullptr ? "no key" : find_text(*found, name).value_or("no value");
}

const std::string kShell =
    "    <component name=\"Microsoft-Windows-Shell-Setup\" processorArchitecture=\"amd64\" "
    "publicKeyToken=\"31bf3856ad364e35\" language=\"neutral\" versionScope=\"nonSxS\">\n";
const std::string kHead =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<unattend xmlns=\"urn:schemas-microsoft-com:unattend\">\n";

bool xmllint_accepts(const std::string& text) {
  const auto folder = TemporaryDirectory::create("winnow-unattend").value();
  const auto file = folder.path() / "unattend.xml";
  EXPECT_TRUE(write_file(file, as_bytes(text)));
  return std::system(("xmllint --noout --nonet '" + file.string() + "' 2>/dev/null").c_str()) == 0;
}

TEST(MachinePlan, NothingStatedChangesNothing) {
  ImagePlan plan = empty_plan();
  ASSERT_TRUE(apply_machine_settings(plan, {}, {}, MachineEdit::fresh));
  EXPECT_TRUE(plan.tree.empty());
  EXPECT_TRUE(plan.registry.hives.empty());
}

TEST(MachinePlan, NamePasswordZoneAndDomainAreInTheAnswerFile) {
  MachineSettings settings = settings_of({"computer-name", "administrator-password-file", "time-zone", "domain-blob"});
  settings.computer_name = "web-1";
  settings.time_zone = "UTC";
  ImagePlan plan = empty_plan();
  const MachineInputs inputs{"", "QUJD", "s\xC3\xBC\xC3\x9F"};
  const auto applied = apply_machine_settings(plan, settings, inputs, MachineEdit::fresh);
  ASSERT_TRUE(applied) << error_of(applied);
  const std::string join =
      "    <component name=\"Microsoft-Windows-UnattendedJoin\" processorArchitecture=\"amd64\" "
      "publicKeyToken=\"31bf3856ad364e35\" language=\"neutral\" versionScope=\"nonSxS\">\n";
  const std::string text = text_of(plan, unattend_path());
  // The password is base64 of UTF-16: "süßAdministratorPassword".
  EXPECT_EQ(text, kHead + "  <settings pass=\"specialize\">\n" + kShell +
                      "      <ComputerName>web-1</ComputerName>\n"
                      "    </component>\n" +
                      join +
                      "      <Identification>\n"
                      "        <Provisioning>\n"
                      "          <AccountData>QUJD</AccountData>\n"
                      "        </Provisioning>\n"
                      "      </Identification>\n"
                      "    </component>\n"
                      "  </settings>\n"
                      "  <settings pass=\"oobeSystem\">\n" +
                      kShell +
                      "      <UserAccounts>\n"
                      "        <AdministratorPassword>\n"
                      "          <Value>cwD8AN8AQQBkAG0AaQBuAGkAcwB0AHIAYQB0AG8AcgBQAGEAcwBzAHcAbwByAGQA</Value>\n"
                      "          <PlainText>false</PlainText>\n"
                      "        </AdministratorPassword>\n"
                      "      </UserAccounts>\n"
                      "      <TimeZone>UTC</TimeZone>\n"
                      "    </component>\n"
                      "  </settings>\n"
                      "  <settings pass=\"offlineServicing\">\n" +
                      join +
                      "      <OfflineIdentification>\n"
                      "        <Provisioning>\n"
                      "          <AccountData>QUJD</AccountData>\n"
                      "        </Provisioning>\n"
                      "      </OfflineIdentification>\n"
                      "    </component>\n"
                      "  </settings>\n"
                      "</unattend>\n");
  EXPECT_TRUE(xmllint_accepts(text));
  EXPECT_EQ(value_of(plan, "ControlSet001\\Control\\ComputerName\\ComputerName", "ComputerName"), "web-1");
  EXPECT_EQ(value_of(plan, "ControlSet001\\Services\\Tcpip\\Parameters", "HostName"), "web-1");
  EXPECT_EQ(value_of(plan, "ControlSet001\\Services\\Tcpip\\Parameters", "NV HostName"), "web-1");
  for (const char* folder : {"Windows", "Windows\\Panther"}) {
    EXPECT_TRUE(plan.tree.at(*WindowsPath::parse(folder)).is_directory());
  }
  EXPECT_EQ(plan.tree.at(unattend_path()).owner, 1u);
}

TEST(MachinePlan, PasswordsOfEveryLengthAreBase64) {
  for (const auto& [password, encoded] :
       {std::pair{"a", "YQBBAGQAbQBpAG4AaQBzAHQAcgBhAHQAbwByAFAAYQBzAHMAdwBvAHIAZAA="},
        std::pair{"ab", "YQBiAEEAZABtAGkAbgBpAHMAdAByAGEAdABvAHIAUABhAHMAcwB3AG8AcgBkAA=="},
        std::pair{"abc", "YQBiAGMAQQBkAG0AaQBuAGkAcwB0AHIAYQB0AG8AcgBQAGEAcwBzAHcAbwByAGQA"}}) {
    ImagePlan plan = empty_plan();
    ASSERT_TRUE(apply_machine_settings(plan, settings_of({"administrator-password-file"}), {"", "", password},
                                       MachineEdit::fresh));
    EXPECT_NE(text_of(plan, unattend_path()).find("<Value>" + std::string(encoded) + "</Value>"), std::string::npos)
        << text_of(plan, unattend_path());
  }
}

const std::string kUsers =
    "<unattend xmlns='urn:schemas-microsoft-com:unattend' "
    "xmlns:w='http://schemas.microsoft.com/WMIConfig/2002/State'>\n"
    "<settings pass='specialize'>\n"
    "<component name='Microsoft-Windows-Shell-Setup' processorArchitecture='amd64' publicKeyToken='31bf3856ad364e35' "
    "language='neutral' versionScope='nonSxS'>\n"
    "<RegisteredOwner>My &amp; Team</RegisteredOwner>\n"
    "<ComputerName>other</ComputerName>\n"
    "</component></settings>\n"
    "<settings pass='oobeSystem'><component name='X' processorArchitecture='amd64'><Users>"
    "<User w:action='add'><Name>a</Name></User><User w:action='add'><Name>b</Name></User>"
    "</Users></component></settings>\n"
    "</unattend>\n";

TEST(MachinePlan, MergesTheUsersAnswerFile) {
  MachineSettings settings = settings_of({"time-zone", "unattend"});
  settings.time_zone = "UTC";
  settings.unattend = MachineFile{"unattend.xml", {}};
  ImagePlan plan = empty_plan();
  const auto applied = apply_machine_settings(plan, settings, {kUsers, "", std::nullopt}, MachineEdit::fresh);
  ASSERT_TRUE(applied) << error_of(applied);
  const std::string text = text_of(plan, unattend_path());
  EXPECT_EQ(text,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
            "<unattend xmlns=\"urn:schemas-microsoft-com:unattend\" "
            "xmlns:wcm=\"http://schemas.microsoft.com/WMIConfig/2002/State\">\n"
            "  <settings pass=\"specialize\">\n" +
                kShell +
                "      <RegisteredOwner>My &amp; Team</RegisteredOwner>\n"
                "      <ComputerName>other</ComputerName>\n"
                "    </component>\n"
                "  </settings>\n"
                "  <settings pass=\"oobeSystem\">\n"
                "    <component name=\"X\" processorArchitecture=\"amd64\">\n"
                "      <Users>\n"
                "        <User wcm:action=\"add\">\n"
                "          <Name>a</Name>\n"
                "        </User>\n"
                "        <User wcm:action=\"add\">\n"
                "          <Name>b</Name>\n"
                "        </User>\n"
                "      </Users>\n"
                "    </component>\n" +
                kShell +
                "      <TimeZone>UTC</TimeZone>\n"
                "    </component>\n"
                "  </settings>\n"
                "</unattend>\n");
  EXPECT_TRUE(xmllint_accepts(text));
}

TEST(MachinePlan, TwoValuesForOneSettingNameBothPlacesAndNeitherValue) {
  MachineSettings settings = settings_of({"computer-name", "unattend"});
  settings.computer_name = "web-1";
  settings.unattend = MachineFile{"unattend.xml", {}};
  ImagePlan plan = empty_plan();
  EXPECT_EQ(error_of(apply_machine_settings(plan, settings, {kUsers, "", std::nullopt}, MachineEdit::fresh)),
            "a.xml:1:1: cannot set \"ComputerName\" in the answer file: it is there with another value\n"
            "  note: the other is at unattend.xml:5:2");
  // What the image brings is a third place.
  settings.computer_name = "other";
  plan = empty_plan();
  put_file(plan, unattend_path(), kUsers);
  std::string changed = kUsers;
  changed.replace(changed.find("Team"), 4, "Firm");
  EXPECT_EQ(error_of(apply_machine_settings(plan, settings, {changed, "", std::nullopt}, MachineEdit::fresh)),
            "unattend.xml:4:2: cannot set \"RegisteredOwner\" in the answer file: it is there with another value\n"
            "  note: the other is at \\Windows\\Panther\\unattend.xml:4:2");
}

TEST(MachinePlan, AnEditReplacesWhatIsSetAnew) {
  MachineSettings settings = settings_of({"computer-name"});
  settings.computer_name = "web-2";
  settings.setup_commands = {{"echo b", {}}, {"echo c", {}}};
  ImagePlan plan = empty_plan();
  put_file(plan, unattend_path(), kUsers);
  put_file(plan, setup_complete_path(), "echo a\r\necho b\r\n");
  const auto applied = apply_machine_settings(plan, settings, {}, MachineEdit::replaces);
  ASSERT_TRUE(applied) << error_of(applied);
  EXPECT_NE(text_of(plan, unattend_path()).find("<ComputerName>web-2</ComputerName>"), std::string::npos);
  EXPECT_EQ(text_of(plan, unattend_path()).find("other"), std::string::npos);
  EXPECT_EQ(text_of(plan, setup_complete_path()), "echo a\r\necho b\r\necho c\r\n");
}

TEST(MachinePlan, AnswerFilesAreReadStrictly) {
  MachineSettings settings = settings_of({"unattend"});
  settings.unattend = MachineFile{"u.xml", {}};
  const auto refused = [&](const std::string& text) {
    ImagePlan plan = empty_plan();
    return error_of(apply_machine_settings(plan, settings, {text, "", std::nullopt}, MachineEdit::fresh));
  };
  EXPECT_EQ(refused("<a/>"),
            "u.xml:1:2: cannot read answer file: its root is not <unattend> of urn:schemas-microsoft-com:unattend");
  EXPECT_EQ(refused("<unattend xmlns='urn:schemas-microsoft-com:unattend'><settings pass='specialise'>x<b/></settings>"
                    "<c xmlns='urn:x'/></unattend>"),
            "u.xml:1:55: cannot read answer file: <settings> holds text beside elements\n"
            "u.xml:1:99: cannot read answer file: \"c\" is of namespace \"urn:x\", which answer files have not\n"
            "u.xml:1:55: cannot read answer file: setup has no pass \"specialise\"\n"
            "  note: did you mean \"specialize\"?");
}

TEST(MachinePlan, AddressesPortsAndCommandsAreOneCommandFile) {
  MachineSettings settings = settings_of({"interface"});
  MachineInterface ethernet;
  ethernet.name = "Ethernet 2";
  ethernet.ipv4_address = parse_ipv4("192.168.1.2");
  ethernet.ipv4_mask = parse_ipv4("255.255.255.0");
  ethernet.ipv4_gateway = parse_ipv4("192.168.1.1");
  ethernet.ipv4_dns = {*parse_ipv4("192.168.1.1"), *parse_ipv4("8.8.8.8")};
  ethernet.ipv6_address = parse_ipv6("fd00::2");
  ethernet.ipv6_prefix = 48;
  ethernet.ipv6_dns = {*parse_ipv6("fd00::1")};
  MachineInterface fourth;
  fourth.name = "4";
  fourth.ipv4_address = parse_ipv4("10.0.0.2");
  fourth.ipv4_mask = parse_ipv4("255.0.0.0");
  settings.interfaces = {ethernet, fourth};
  settings.remote_management = true;
  settings.setup_commands = {{"echo done > C:\\done.txt", {}}};
  ImagePlan plan = empty_plan();
  ASSERT_TRUE(apply_machine_settings(plan, settings, {}, MachineEdit::fresh));
  EXPECT_EQ(text_of(plan, setup_complete_path()),
            "netsh interface ipv4 set address name=\"Ethernet 2\" source=static address=192.168.1.2 mask=255.255.255.0 "
            "gateway=192.168.1.1\r\n"
            "netsh interface ipv4 set dnsservers name=\"Ethernet 2\" source=static address=192.168.1.1 validate=no\r\n"
            "netsh interface ipv4 add dnsservers name=\"Ethernet 2\" address=8.8.8.8 index=2 validate=no\r\n"
            "netsh interface ipv6 add address interface=\"Ethernet 2\" address=fd00::2/48\r\n"
            "netsh interface ipv6 set dnsservers name=\"Ethernet 2\" source=static address=fd00::1 validate=no\r\n"
            "netsh interface ipv4 set address name=\"4\" source=static address=10.0.0.2 mask=255.0.0.0\r\n"
            "netsh advfirewall firewall add rule name=\"Windows Remote Management (HTTP-In)\" dir=in action=allow "
            "protocol=TCP localport=5985\r\n"
            "netsh advfirewall firewall set rule group=\"Remote Event Log Management\" new enable=yes\r\n"
            "echo done > C:\\done.txt\r\n");
  EXPECT_EQ(text_of(plan, unattend_path()), "not there");
}

class TimeZones : public ::testing::Test {
 protected:
  TimeZones() {
    const std::string zones = "Microsoft\\Windows NT\\CurrentVersion\\Time Zones\\";
    const std::string pacific = zones + "Pacific Standard Time";
    ComponentRegistryValue rules;
    rules.name = "TZI";
    rules.type = 3;
    rules.data = Bytes(44);
    rules.data[0] = 0xE0;
    rules.data[1] = 1;
    rules.data[8] = 0xC4;
    rules.data[9] = rules.data[10] = rules.data[11] = 0xFF;
    rules.data[14] = 11;
    rules.data[30] = 3;
    put_value(plan_.registry, HiveId::software, pacific, rules, 0);
    put_value(plan_.registry, HiveId::software, pacific, registry_text("Std", "Pacific Standard Time"), 0);
    put_value(plan_.registry, HiveId::software, pacific, registry_text("Dlt", "Pacific Daylight Time"), 0);
    put_value(plan_.registry, HiveId::software, pacific, registry_text("MUI_Std", "@tzres.dll,-212"), 0);
    put_value(plan_.registry, HiveId::software, zones + "UTC", registry_text("Std", "UTC"), 0);
  }
  std::string apply(const std::string& zone) {
    MachineSettings settings = settings_of({"time-zone"});
    settings.time_zone = zone;
    return error_of(apply_machine_settings(plan_, settings, {}, MachineEdit::fresh));
  }
  ImagePlan plan_ = empty_plan();
};

TEST_F(TimeZones, AreThoseOfTheImage) {
  EXPECT_EQ(apply("Pacific Standart Time"),
            "a.xml:1:1: cannot use time zone \"Pacific Standart Time\": the image knows 2 others\n"
            "  note: did you mean \"Pacific Standard Time\"?");
}

// As the SYSTEM hive of a Windows 10 has them (shared/data/hives, 1709).
TEST_F(TimeZones, AreInTheRegistryAsWindowsKeepsThem) {
  ASSERT_EQ(apply("pacific standard time"), "no error");
  const std::string key = "ControlSet001\\Control\\TimeZoneInformation";
  EXPECT_EQ(value_of(plan_, key, "TimeZoneKeyName"), "Pacific Standard Time");
  EXPECT_EQ(value_of(plan_, key, "StandardName"), "@tzres.dll,-212");
  EXPECT_EQ(value_of(plan_, key, "DaylightName"), "Pacific Daylight Time");
  const PlannedKey* planned = find_key(plan_.registry, HiveId::system, key);
  const auto hex = [&](const char* name) { return to_hex(planned->values.at(case_key(name)).data); };
  EXPECT_EQ(hex("Bias"), "e0010000");
  EXPECT_EQ(hex("StandardBias"), "00000000");
  EXPECT_EQ(hex("DaylightBias"), "c4ffffff");
  EXPECT_EQ(hex("StandardStart"), "00000b00000000000000000000000000");
  EXPECT_EQ(hex("DaylightStart"), "00000300000000000000000000000000");
  EXPECT_EQ(hex("DynamicDaylightTimeDisabled"), "00000000");
}

TEST(MachinePlan, TheAppsOwnRegistryMustNotSayOtherwise) {
  MachineSettings settings = settings_of({"computer-name"});
  settings.computer_name = "web-1";
  ImagePlan plan = empty_plan();
  put_value(plan.registry, HiveId::system, "ControlSet001\\Services\\Tcpip\\Parameters",
            registry_text("hostname", "other"), 1);
  EXPECT_EQ(error_of(apply_machine_settings(plan, settings, {}, MachineEdit::fresh)),
            "a.xml:1:1: cannot set computer-name \"web-1\": <registry> gives value \"HostName\" of "
            "HKLM\\SYSTEM\\ControlSet001\\Services\\Tcpip\\Parameters other data");
  // A component's value gives way.
  plan.registry.hives.clear();
  put_value(plan.registry, HiveId::system, "ControlSet001\\Services\\Tcpip\\Parameters",
            registry_text("hostname", "other"), 0);
  EXPECT_TRUE(apply_machine_settings(plan, settings, {}, MachineEdit::fresh));
}

TEST(MachinePlan, NotesSayWhatMattersAndNoSecret) {
  MachineSettings settings = settings_of({"development"});
  settings.development = true;
  settings.debugger.emplace().method = DebugMethod::net;
  const auto notes = machine_notes(settings, {"", "", "hunter2"});
  ASSERT_EQ(notes.size(), 3u);
  EXPECT_EQ(
      notes[0],
      "holds the administrator's password in Windows\\Panther\\unattend.xml in Windows' own form: whoever can read "
      "the image can read the password");
  for (const std::string& note : notes) EXPECT_EQ(note.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace winnow
