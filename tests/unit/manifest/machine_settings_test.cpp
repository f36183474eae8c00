// <machine> of an app manifest, and the same settings as flags.
#include "manifest/machine_settings.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "manifest/app_manifest.hpp"
#include "manifest/machine_reader.hpp"
#include "manifest_testing.hpp"

namespace winnow {
namespace {

using testing::error_of;

class MachineSettingsTest : public ::testing::Test {
 protected:
  // `body` is what <machine …> is, from line 2 on.
  Result<AppManifest> load(const std::string& body) {
    const std::string text = "<app xmlns='urn:winnow:app:v1' name='a' version='1'>\n" + body + "\n</app>\n";
    EXPECT_TRUE(write_file(folder_.path() / "a.xml", as_bytes(text)));
    return load_app_manifest(folder_.path() / "a.xml");
  }
  MachineSettings machine(const std::string& body) {
    auto app = load(body);
    EXPECT_TRUE(app) << error_of(app);
    return app ? app->machine : MachineSettings{};
  }
  std::string plain(std::string text) {
    const std::string prefix = folder_.path().string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
      text.erase(at, prefix.size());
    }
    return text;
  }
  std::string error_in(const std::string& body) { return plain(error_of(load(body))); }
  // What is wrong with the settings put together.
  std::string checked(const std::string& body) { return plain(error_of(check_machine_settings(machine(body)))); }

  TemporaryDirectory folder_ = TemporaryDirectory::create("winnow-machine").value();
};

TEST_F(MachineSettingsTest, ReadsEverySetting) {
  const MachineSettings read = machine(R"(<machine deployment="Guest" edition="DATACENTER" computer-name="web-1"
 time-zone="Pacific Standard Time" max-size="8GiB" remote-management="true" development="true" ramdisk-boot="true">
<administrator password-file="secret" password-variable="WEB_PASSWORD"/>
<unattend path="unattend.xml"/><domain-join blob="web.djoin"/>
<interface name="Ethernet" ipv4-address="192.168.1.2" ipv4-mask="255.255.255.0" ipv4-gateway="192.168.1.1"
 ipv6-address="fd00:0::2/48"><dns address="192.168.1.1"/><dns address="fd00::1"/><dns address="8.8.8.8"/></interface>
<interface name="4" ipv6-address="fd00::4"/>
<ems com-port="3" baud-rate="9600"/>
<kernel-debugger method="Net" remote-ip="192.168.1.100" port="64000" key="1.2.3.4" bus-parameters="1.5.0"/>
<copy path="tools" to="C:\tools"/><copy path="/abs/file"/>
<setup-command>echo one</setup-command><setup-command>echo two</setup-command>
<driver path="drivers"/><package name="Microsoft-NanoServer-IIS-Package"/><servicing-package path="kb.cab"/>
</machine>)");
  EXPECT_EQ(read.deployment, "guest");
  EXPECT_EQ(read.edition, "datacenter");
  EXPECT_EQ(read.computer_name, "web-1");
  EXPECT_EQ(read.time_zone, "Pacific Standard Time");
  EXPECT_EQ(read.max_size, 8ull << 30);
  EXPECT_TRUE(read.remote_management && read.development && read.ramdisk_boot);
  EXPECT_EQ(read.password.file, folder_.path() / "secret");
  EXPECT_EQ(read.password.variable, "WEB_PASSWORD");
  EXPECT_EQ(read.unattend->path, folder_.path() / "unattend.xml");
  EXPECT_EQ(read.domain_blob->path, folder_.path() / "web.djoin");
  ASSERT_EQ(read.interfaces.size(), 2u);
  const MachineInterface& ethernet = read.interfaces[0];
  EXPECT_EQ(to_string(*ethernet.ipv4_address) + " " + to_string(*ethernet.ipv4_mask) + " " +
                to_string(*ethernet.ipv4_gateway) + " " + to_string(*ethernet.ipv6_address),
            "192.168.1.2 255.255.255.0 192.168.1.1 fd00::2");
  EXPECT_EQ(ethernet.ipv6_prefix, 48u);
  ASSERT_EQ(ethernet.ipv4_dns.size(), 2u);
  EXPECT_EQ(to_string(ethernet.ipv4_dns[1]), "8.8.8.8");
  ASSERT_EQ(ethernet.ipv6_dns.size(), 1u);
  EXPECT_EQ(read.interfaces[1].name, "4");
  EXPECT_EQ(read.interfaces[1].ipv6_prefix, 64u);
  EXPECT_EQ(read.ems->port, 3u);
  EXPECT_EQ(read.ems->baud_rate, 9600u);
  EXPECT_EQ(read.debugger->method, DebugMethod::net);
  EXPECT_EQ(read.debugger->remote_ip->bits, 0xC0A80164u);
  EXPECT_EQ(read.debugger->port, 64000u);
  EXPECT_EQ(read.debugger->key, "1.2.3.4");
  EXPECT_EQ(read.debugger->bus_parameters, "1.5.0");
  ASSERT_EQ(read.copies.size(), 2u);
  EXPECT_EQ(read.copies[0].path, folder_.path() / "tools");
  EXPECT_EQ(read.copies[0].destination.text(), "tools");
  EXPECT_TRUE(read.copies[1].destination.is_root());
  ASSERT_EQ(read.setup_commands.size(), 2u);
  EXPECT_EQ(read.setup_commands[1].text, "echo two");
  EXPECT_EQ(read.drivers[0].path, folder_.path() / "drivers");
  EXPECT_EQ(read.packages[0].text, "Microsoft-NanoServer-IIS-Package");
  EXPECT_EQ(read.servicing_packages[0].path, folder_.path() / "kb.cab");
}

TEST_F(MachineSettingsTest, HasMicrosoftsDefaults) {
  const MachineSettings read = machine("<machine><ems/><kernel-debugger method='serial'/></machine>");
  EXPECT_EQ(read.ems->port, 1u);
  EXPECT_EQ(read.ems->baud_rate, 115200u);
  EXPECT_EQ(read.debugger->line().port, 2u);
  EXPECT_EQ(read.debugger->line().baud_rate, 115200u);
  EXPECT_TRUE(check_machine_settings(read));
  EXPECT_FALSE(read.remote_management || read.development || read.ramdisk_boot);
  EXPECT_TRUE(read.is_stated());
  EXPECT_FALSE(machine("").is_stated());
}

TEST_F(MachineSettingsTest, NamesWhatIsWrong) {
  EXPECT_EQ(error_in(R"(<machine deployment="hosts" edition="essentials" computer-name="a_b" time-zone="Zeit ü"
 max-size="4X" development="yes">
<administrator password-variable="1=x"/>
<interface name="a%b"/>
<interface name="e" ipv4-address="192.168.1" ipv4-mask="255.0.255.0" ipv4-gateway="010.0.0.1" ipv6-address="fd00::/200">
<dns address="dns.example.org"/></interface>
<ems com-port="0" baud-rate="14400"/>
<kernel-debugger method="cable" remote-ip="::1" port="5364" key="a.b" bus-parameters="1.5" channel="63" target-name=""/>
<copy path="x" to="..\x"/>
<setup-command> </setup-command><setup-command>echo ü</setup-command>
</machine>)"),
            "a.xml:2:10: cannot use deployment \"hosts\": it is none of host, guest\n"
            "  note: did you mean \"host\"?\n"
            "a.xml:2:29: cannot use edition \"essentials\": it is none of standard, datacenter\n"
            "a.xml:2:50: cannot use computer name \"a_b\": a name is letters, digits and '-'\n"
            "a.xml:2:70: cannot use time zone \"Zeit \xC3\xBC\": it holds what no name of a time zone holds\n"
            "a.xml:3:2: cannot use maximum size \"4X\": a size is a number of bytes, or one with K, M, G or T\n"
            "a.xml:3:16: cannot use development \"yes\": it is neither true nor false\n"
            "a.xml:4:16: cannot use administrator password variable \"1=x\": it is no name of an environment variable\n"
            "  note: the password itself is never an argument: it would be seen by everybody on this machine\n"
            "a.xml:5:12: cannot use interface \"a%b\": it holds '\"' or '%', which a command file changes\n"
            "a.xml:6:21: cannot use IPv4 address \"192.168.1\": it is no IPv4 address like 192.168.1.2\n"
            "a.xml:6:46: cannot use IPv4 mask \"255.0.255.0\": a mask is ones and then zeros\n"
            "a.xml:6:70: cannot use IPv4 gateway \"010.0.0.1\": it is no IPv4 address like 192.168.1.2\n"
            "a.xml:6:95: cannot use IPv6 prefix \"200\": it is no number from 1 to 128\n"
            "a.xml:7:6: cannot use IPv4 name server \"dns.example.org\": it is no IPv4 address like 192.168.1.2\n"
            "a.xml:8:6: cannot use com-port \"0\": it is no number from 1 to 4\n"
            "a.xml:8:19: cannot use baud-rate \"14400\": it is none of 9600, 19200, 38400, 57600, 115200\n"
            "a.xml:9:18: cannot use debug method \"cable\": it is none of serial, net, 1394, usb\n"
            "a.xml:9:33: cannot use remote-ip \"::1\": it is no IPv4 address like 192.168.1.2\n"
            "a.xml:9:49: cannot use port \"5364\": it is no number from 49152 to 65535\n"
            "a.xml:9:61: cannot use key \"a.b\": it is not four words of 0-9 and a-z with dots between, as 1.2.3.4\n"
            "a.xml:9:71: cannot use bus-parameters \"1.5\": they are bus, device and function as in 1.5.0\n"
            "a.xml:9:92: cannot use channel \"63\": it is no number from 0 to 62\n"
            "a.xml:9:105: cannot read <kernel-debugger>: its attribute \"target-name\" is empty\n"
            "a.xml:10:16: cannot use path \"..\\x\": \"..\" would leave its place\n"
            "a.xml:11:2: cannot use setup command \"\": it is empty\n"
            "a.xml:11:34: cannot use setup command \"echo \xC3\xBC\": it holds a character that is not ASCII, which "
            "cmd.exe reads in the machine's own code page");
}

TEST_F(MachineSettingsTest, UnknownElementsAndAttributesNameTheNearest) {
  EXPECT_EQ(error_in("<machine computername='x'><emss/><administrator password='x'/></machine>"),
            "a.xml:2:10: cannot read attribute \"computername\": <machine> has no such attribute\n"
            "  note: did you mean \"computer-name\"?\n"
            "a.xml:2:28: cannot read <emss>: <machine> has no such element\n"
            "  note: did you mean <ems>?\n"
            "a.xml:2:49: cannot read attribute \"password\": <administrator> has no such attribute");
}

TEST(ComputerName, IsShortAndLegalToDnsAndNetbios) {
  for (const char* good : {"a", "web-1", "123a", "ABCDEFGHIJKLMNO"}) EXPECT_EQ(reason_against_computer_name(good), "");
  EXPECT_EQ(reason_against_computer_name(""), "it is empty");
  EXPECT_EQ(reason_against_computer_name("ABCDEFGHIJKLMNOP"), "it has 16 characters, at most 15 fit");
  EXPECT_EQ(reason_against_computer_name("-a"), "a name neither begins nor ends with '-'");
  EXPECT_EQ(reason_against_computer_name("a-"), "a name neither begins nor ends with '-'");
  EXPECT_EQ(reason_against_computer_name("a.b"), "a name is letters, digits and '-'");
  EXPECT_EQ(reason_against_computer_name("2026"), "a name of digits only is an address to DNS");
}

TEST_F(MachineSettingsTest, EmsAndTheDebuggerNeedPortsOfTheirOwn) {
  EXPECT_EQ(checked("<machine><ems com-port='2'/>\n<kernel-debugger method='serial'/></machine>"),
            "a.xml:3:2: cannot use COM2 for the kernel debugger: Emergency Management Services use it\n"
            "  note: they are at a.xml:2:11");
  EXPECT_EQ(checked("<machine><ems/><kernel-debugger method='serial' com-port='1'/></machine>"),
            "a.xml:2:17: cannot use COM1 for the kernel debugger: Emergency Management Services use it\n"
            "  note: they are at a.xml:2:11");
  EXPECT_EQ(checked("<machine><ems com-port='2'/><kernel-debugger method='usb' target-name='t'/></machine>"),
            "no error");
}

TEST_F(MachineSettingsTest, EveryDebugMethodHasItsOwnNeeds) {
  EXPECT_EQ(checked("<machine><kernel-debugger method='net'/></machine>"),
            "a.xml:2:11: cannot use kernel debugger: method net needs remote-ip\n"
            "a.xml:2:11: cannot use kernel debugger: method net needs port\n"
            "a.xml:2:11: cannot use kernel debugger: method net needs key");
  EXPECT_EQ(checked("<machine><kernel-debugger method='1394'/></machine>"),
            "a.xml:2:11: cannot use kernel debugger: method 1394 needs channel");
  EXPECT_EQ(checked("<machine><kernel-debugger method='usb' baud-rate='9600'/></machine>"),
            "a.xml:2:11: cannot use kernel debugger: baud-rate is for method serial, not for usb\n"
            "a.xml:2:11: cannot use kernel debugger: method usb needs target-name");
}

TEST_F(MachineSettingsTest, AddressesFitTogether) {
  const auto network = [&](const std::string& attributes) {
    return checked("<machine><interface name='e' " + attributes + "/></machine>");
  };
  const std::string head = "a.xml:2:21: cannot set up interface \"e\": ";
  EXPECT_EQ(network(""), head + "nothing is said of it");
  EXPECT_EQ(network("ipv4-address='10.0.0.2'"), head + "address 10.0.0.2 has no mask");
  EXPECT_EQ(network("ipv4-mask='255.0.0.0'"), head + "it has no IPv4 address");
  EXPECT_EQ(network("ipv4-address='10.0.0.0' ipv4-mask='255.255.255.0'"),
            head + "10.0.0.0 is the network's own address under mask 255.255.255.0");
  EXPECT_EQ(network("ipv4-address='10.0.0.255' ipv4-mask='255.255.255.0'"),
            head + "10.0.0.255 is the broadcast address under mask 255.255.255.0");
  EXPECT_EQ(network("ipv4-address='10.0.0.2' ipv4-mask='255.255.255.0' ipv4-gateway='10.0.1.1'"),
            head + "gateway 10.0.1.1 is outside the network of 10.0.0.2 under mask 255.255.255.0");
  EXPECT_EQ(network("ipv4-address='10.0.0.2' ipv4-mask='255.255.255.0' ipv4-gateway='10.0.0.1'"), "no error");
  EXPECT_EQ(network("ipv6-address='fd00::2'"), "no error");
}

TEST_F(MachineSettingsTest, WhatExcludesEachOtherNamesBothPlaces) {
  EXPECT_EQ(
      checked("<machine computer-name='a'>\n<domain-join blob='b'/>"
              "<administrator password-file='f' password-variable='V'/><offline-script path='x.ps1'/></machine>"),
      "a.xml:3:57: cannot use administrator password: a file and a variable are both named\n"
      "  note: the file at a.xml:3:39\n"
      "a.xml:2:10: cannot use computer name \"a\": the domain blob already names the computer\n"
      "  note: the blob at a.xml:3:14\n"
      "a.xml:3:96: cannot run offline script \"x.ps1\": winnow edits an image as data\n"
      "  note: say it with <registry>, <service>, <files>, <copy>, <unattend>; what needs the running machine with "
      "<setup-command>");
}

TEST_F(MachineSettingsTest, FlagsWin) {
  MachineSettings settings = machine(
      "<machine deployment='guest' computer-name='a'><kernel-debugger method='serial'/>"
      "<interface name='Ethernet' ipv4-address='10.0.0.2' ipv4-mask='255.0.0.0'/><setup-command>echo 1</setup-command>"
      "</machine>");
  Diagnostics faults;
  MachineReader reader(settings, ".", faults);
  const Place place{"--flag", 0, 0};
  reader.set("computer-name", "b", place);
  reader.set("ipv4-address", "10.0.0.3", place);
  reader.set("setup-command", "echo 2", place);
  reader.set("copy", "a=b.exe=C:\\x", place);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(settings.computer_name, "b");
  EXPECT_EQ(settings.deployment, "guest");
  EXPECT_EQ(to_string(*settings.interfaces[0].ipv4_address), "10.0.0.3");
  EXPECT_EQ(to_string(*settings.interfaces[0].ipv4_mask), "255.0.0.0");
  EXPECT_EQ(settings.setup_commands.size(), 2u);
  EXPECT_EQ(settings.copies[0].path, "a=b.exe");
  EXPECT_EQ(settings.copies[0].destination.text(), "x");
  EXPECT_EQ(to_string(settings.place_of("computer-name")), "--flag");
}

TEST(MachineFlags, AddressesWantAnInterface) {
  MachineSettings settings;
  Diagnostics faults;
  MachineReader reader(settings, ".", faults);
  reader.set("ipv4-address", "10.0.0.3", {"--ipv4-address", 0, 0});
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(to_string(std::move(faults).error()), "--ipv4-address: cannot use IPv4 address: no interface is named");
}

TEST(IpAddress, IsReadStrictlyAndPrintedInOneWay) {
  for (const char* bad : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", " 1.2.3.4", "1.2.3.4/8", "a.b.c.d"}) {
    EXPECT_FALSE(parse_ipv4(bad)) << bad;
  }
  EXPECT_EQ(to_string(*parse_ipv4("255.0.1.9")), "255.0.1.9");
  for (const char* bad : {"", "fd00:::1", "fd00::1%eth0", "12345::", "::g"}) EXPECT_FALSE(parse_ipv6(bad)) << bad;
  EXPECT_EQ(to_string(*parse_ipv6("FD00:0:0::0:01")), "fd00::1");
  for (const char* mask : {"255.255.255.0", "128.0.0.0", "255.255.255.254"}) {
    EXPECT_TRUE(is_subnet_mask(*parse_ipv4(mask))) << mask;
  }
  for (const char* mask : {"0.0.0.0", "255.255.255.255", "0.255.0.0", "255.0.255.0"}) {
    EXPECT_FALSE(is_subnet_mask(*parse_ipv4(mask))) << mask;
  }
}

}  // namespace
}  // namespace winnow
