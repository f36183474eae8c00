#include "manifest/machine_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "manifest/machine_words.hpp"

namespace winnow {

namespace {

constexpr std::array<std::string_view, 2> kDeployments = {"host", "guest"};
constexpr std::array<std::string_view, 2> kEditions = {"standard", "datacenter"};
constexpr std::array<std::string_view, 4> kMethods = {"serial", "net", "1394", "usb"};
constexpr std::uint32_t kFirstDebugPort = 49152;  // bcdedit /dbgsettings: "must be 49152 or higher"

std::string quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

// How the text of each setting becomes a value. `MachineSetters::x` reads `text` into reader.settings_.
struct MachineSetters {
  using Setter = void (*)(MachineReader& reader, const std::string& text);

  static void choose(MachineReader& reader, std::string_view what, const std::string& text,
                     std::span<const std::string_view> choices, std::string& value) {
    for (const std::string_view choice : choices) {
      if (!ascii_iequals(choice, text)) continue;
      value = choice;
      return;
    }
    std::string known;
    for (const std::string_view choice : choices) known += (known.empty() ? "" : ", ") + std::string(choice);
    reader.refuse(what, text, "it is none of " + known, did_you_mean(nearest_of(text, choices)));
  }

  static void set_switch(MachineReader& reader, std::string_view what, const std::string& text, bool& value) {
    if (text == "true" || text == "false") {
      value = text == "true";
    } else {
      reader.refuse(what, text, "it is neither true nor false");
    }
  }

  static std::optional<std::uint32_t> number(MachineReader& reader, std::string_view what, const std::string& text,
                                             std::uint32_t low, std::uint32_t high) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && value >= low && value <= high) return value;
    reader.refuse(what, text, "it is no number from " + std::to_string(low) + " to " + std::to_string(high));
    return std::nullopt;
  }

  static std::optional<Ipv4Address> ipv4(MachineReader& reader, std::string_view what, const std::string& text) {
    const auto address = parse_ipv4(text);
    if (!address) reader.refuse(what, text, "it is no IPv4 address like 192.168.1.2");
    return address;
  }

  static MachineFile file(const MachineReader& reader, const std::string& text) {
    return {(reader.folder_ / text).lexically_normal(), reader.place_};
  }

  static void deployment(MachineReader& reader, const std::string& text) {
    choose(reader, "deployment", text, kDeployments, reader.settings_.deployment);
  }
  static void edition(MachineReader& reader, const std::string& text) {
    choose(reader, "edition", text, kEditions, reader.settings_.edition);
  }
  static void package(MachineReader& reader, const std::string& text) {
    reader.settings_.packages.push_back({text, reader.place_});
  }
  static void servicing_package(MachineReader& reader, const std::string& text) {
    reader.settings_.servicing_packages.push_back(file(reader, text));
  }
  static void computer_name(MachineReader& reader, const std::string& text) {
    if (const std::string reason = reason_against_computer_name(text); !reason.empty()) {
      reader.refuse("computer name", text, reason);
    } else {
      reader.settings_.computer_name = text;
    }
  }
  static void password_file(MachineReader& reader, const std::string& text) {
    reader.settings_.password.file = file(reader, text).path;
  }
  static void password_variable(MachineReader& reader, const std::string& text) {
    if (!is_variable_name(text)) {
      reader.refuse("administrator password variable", text, "it is no name of an environment variable",
                    {"the password itself is never an argument: it would be seen by everybody on this machine"});
    } else {
      reader.settings_.password.variable = text;
    }
  }
  static void unattend(MachineReader& reader, const std::string& text) {
    reader.settings_.unattend = file(reader, text);
  }
  static void domain_blob(MachineReader& reader, const std::string& text) {
    reader.settings_.domain_blob = file(reader, text);
  }
  static void time_zone(MachineReader& reader, const std::string& text) {
    if (!is_plain_text(text)) return reader.refuse("time zone", text, "it holds what no name of a time zone holds");
    reader.settings_.time_zone = text;
  }
  static void max_size(MachineReader& reader, const std::string& text) {
    const auto size = parse_byte_size(text);
    if (!size || *size == 0) {
      return reader.refuse("maximum size", text, "a size is a number of bytes, or one with K, M, G or T");
    }
    reader.settings_.max_size = *size;
  }
  static void remote_management(MachineReader& reader, const std::string& text) {
    set_switch(reader, "remote-management", text, reader.settings_.remote_management);
  }
  static void development(MachineReader& reader, const std::string& text) {
    set_switch(reader, "development", text, reader.settings_.development);
  }
  static void ramdisk_boot(MachineReader& reader, const std::string& text) {
    set_switch(reader, "ramdisk-boot", text, reader.settings_.ramdisk_boot);
  }

  static void interface(MachineReader& reader, const std::string& text) {
    if (const std::string reason = reason_against_interface(text); !reason.empty()) {
      return reader.refuse("interface", text, reason);
    }
    reader.interface_name_ = text;
    auto& all = reader.settings_.interfaces;
    const auto known = std::find_if(all.begin(), all.end(),
                                    [&](const MachineInterface& old) { return case_key(old.name) == case_key(text); });
    if (known == all.end()) {
      all.emplace_back().name = text;
      all.back().place = reader.place_;
    } else {
      known->place = reader.place_;
    }
  }
  static void ipv4_address(MachineReader& reader, const std::string& text) {
    MachineInterface* network = reader.interface_of("IPv4 address");
    const auto address = ipv4(reader, "IPv4 address", text);
    if (network != nullptr && address) network->ipv4_address = address;
  }
  static void ipv4_mask(MachineReader& reader, const std::string& text) {
    MachineInterface* network = reader.interface_of("IPv4 mask");
    const auto mask = ipv4(reader, "IPv4 mask", text);
    if (mask && !is_subnet_mask(*mask)) return reader.refuse("IPv4 mask", text, "a mask is ones and then zeros");
    if (network != nullptr && mask) network->ipv4_mask = mask;
  }
  static void ipv4_gateway(MachineReader& reader, const std::string& text) {
    MachineInterface* network = reader.interface_of("IPv4 gateway");
    const auto address = ipv4(reader, "IPv4 gateway", text);
    if (network != nullptr && address) network->ipv4_gateway = address;
  }
  static void ipv6_address(MachineReader& reader, const std::string& text) {
    MachineInterface* network = reader.interface_of("IPv6 address");
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto address = parse_ipv6(std::string_view(text).substr(0, slash));
    if (!address) return reader.refuse("IPv6 address", text, "it is no IPv6 address like fd00::2 or fd00::2/64");
    std::optional<std::uint32_t> prefix = 64;
    if (slash != text.size()) prefix = number(reader, "IPv6 prefix", text.substr(slash + 1), 1, 128);
    if (network == nullptr || !prefix) return;
    network->ipv6_address = address;
    network->ipv6_prefix = *prefix;
  }
  static void ipv4_dns(MachineReader& reader, const std::string& text) {
    MachineInterface* network = reader.interface_of("IPv4 name server");
    const auto address = ipv4(reader, "IPv4 name server", text);
    if (network != nullptr && address) network->ipv4_dns.push_back(*address);
  }
  static void ipv6_dns(MachineReader& reader, const std::string& text) {
    MachineInterface* network = reader.interface_of("IPv6 name server");
    const auto address = parse_ipv6(text);
    if (!address) return reader.refuse("IPv6 name server", text, "it is no IPv6 address like fd00::1");
    if (network != nullptr) network->ipv6_dns.push_back(*address);
  }
  static void dns(MachineReader& reader, const std::string& text) {
    text.find(':') == std::string::npos ? ipv4_dns(reader, text) : ipv6_dns(reader, text);
  }

  // "COM1", "COM2:9600"
  static std::optional<SerialLine> serial_line(MachineReader& reader, std::string_view flag, const std::string& text) {
    SerialLine line;
    const std::size_t colon = text.find(':');
    const std::string name = ascii_lower(text.substr(0, colon));
    const auto parse = [](std::string_view digits, std::uint32_t& value) {
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      return error == std::errc() && end == digits.data() + digits.size() && value != 0;
    };
    const bool has_rate = colon != std::string::npos;
    if (name.starts_with("com") && parse(std::string_view(name).substr(3), line.port) && line.port <= 4 &&
        (!has_rate || parse(std::string_view(text).substr(colon + 1), line.baud_rate))) {
      return line;
    }
    reader.place_ = {};
    reader.refuse(flag, text, "a port is COM1 to COM4, with a rate COM1:115200");
    return std::nullopt;
  }
  static void ems_flag(MachineReader& reader, const std::string& text) {
    if (const auto line = serial_line(reader, "--ems", text)) reader.settings_.ems = line;
  }
  // A serial port, or another method's name.
  static void debug_flag(MachineReader& reader, const std::string& text) {
    if (parse_debug_method(text)) return debug_method(reader, text);
    const auto line = serial_line(reader, "--debug", text);
    if (!line) return;
    reader.settings_.debugger.emplace();
    debugger(reader).com_port = line->port;
    debugger(reader).baud_rate = line->baud_rate;
  }

  static SerialLine& ems_line(MachineReader& reader) {
    if (!reader.settings_.ems) reader.settings_.ems.emplace();
    return *reader.settings_.ems;
  }
  static void ems(MachineReader& reader, const std::string& text) {
    bool is_on = false;
    set_switch(reader, "ems", text, is_on);
    if (is_on) ems_line(reader);
  }
  static void ems_port(MachineReader& reader, const std::string& text) {
    if (const auto port = number(reader, "com-port", text, 1, 4)) ems_line(reader).port = *port;
  }
  static void ems_baud_rate(MachineReader& reader, const std::string& text) {
    if (const auto rate = baud_rate_of(reader, text)) ems_line(reader).baud_rate = *rate;
  }
  static std::optional<std::uint32_t> baud_rate_of(MachineReader& reader, const std::string& text) {
    constexpr std::array<std::string_view, 5> kRates = {"9600", "19200", "38400", "57600", "115200"};
    std::string rate;
    choose(reader, "baud-rate", text, kRates, rate);
    if (rate.empty()) return std::nullopt;
    return number(reader, "baud-rate", rate, 1, 115200);
  }

  static KernelDebugger& debugger(MachineReader& reader) {
    if (!reader.settings_.debugger) reader.settings_.debugger.emplace();
    return *reader.settings_.debugger;
  }
  // A method said anew begins anew: what belongs to another method goes.
  static void debug_method(MachineReader& reader, const std::string& text) {
    std::string word;
    choose(reader, "debug method", text, kMethods, word);
    const auto method = parse_debug_method(word);
    if (!method) return;
    if (reader.settings_.debugger && reader.settings_.debugger->method != *method) reader.settings_.debugger.reset();
    debugger(reader).method = *method;
  }
  static void debug_com_port(MachineReader& reader, const std::string& text) {
    if (const auto port = number(reader, "com-port", text, 1, 4)) debugger(reader).com_port = port;
  }
  static void debug_baud_rate(MachineReader& reader, const std::string& text) {
    if (const auto rate = baud_rate_of(reader, text)) debugger(reader).baud_rate = rate;
  }
  static void debug_remote_ip(MachineReader& reader, const std::string& text) {
    if (const auto address = ipv4(reader, "remote-ip", text)) debugger(reader).remote_ip = address;
  }
  static void debug_port(MachineReader& reader, const std::string& text) {
    if (const auto port = number(reader, "port", text, kFirstDebugPort, 65535)) debugger(reader).port = port;
  }
  static void debug_key(MachineReader& reader, const std::string& text) {
    if (!is_debug_key(text)) {
      return reader.refuse("key", text, "it is not four words of 0-9 and a-z with dots between, as 1.2.3.4");
    }
    debugger(reader).key = text;
  }
  static void debug_bus_parameters(MachineReader& reader, const std::string& text) {
    if (!is_bus_parameters(text)) {
      return reader.refuse("bus-parameters", text, "they are bus, device and function as in 1.5.0");
    }
    debugger(reader).bus_parameters = text;
  }
  static void debug_channel(MachineReader& reader, const std::string& text) {
    if (const auto channel = number(reader, "channel", text, 0, 62)) debugger(reader).channel = channel;
  }
  static void debug_target_name(MachineReader& reader, const std::string& text) {
    if (!is_plain_text(text)) return reader.refuse("target-name", text, "it is no plain text");
    debugger(reader).target_name = text;
  }

  static void copy(MachineReader& reader, const std::string& text) {
    reader.settings_.copies.push_back({file(reader, text).path, {}, reader.place_});
  }
  static void copy_to(MachineReader& reader, const std::string& text) {
    auto path = WindowsPath::parse(text);
    if (!path) {
      reader.faults_.add(reader.place_, path.error().faults().front().message);
    } else if (!reader.settings_.copies.empty()) {
      reader.settings_.copies.back().destination = std::move(*path);
    }
  }
  // FILE, or FILE=FOLDER: the folder of the image it comes into.
  static void copy_flag(MachineReader& reader, const std::string& text) {
    const std::size_t equals = text.rfind('=');
    copy(reader, text.substr(0, equals));
    if (equals != std::string::npos) copy_to(reader, text.substr(equals + 1));
  }
  static void setup_command(MachineReader& reader, const std::string& text) {
    if (const std::string reason = reason_against_command(text); !reason.empty()) {
      return reader.refuse("setup command", text, reason);
    }
    reader.settings_.setup_commands.push_back({text, reader.place_});
  }
  static void driver(MachineReader& reader, const std::string& text) {
    reader.settings_.drivers.push_back(file(reader, text));
  }
  static void offline_script(MachineReader& reader, const std::string& text) {
    reader.settings_.offline_scripts.push_back(file(reader, text));
  }
};

namespace {

struct SettingRow {
  MachineFlag flag;
  std::string_view element;
  std::string_view attribute;  // "" = the element's text
  MachineSetters::Setter set;
};

using S = MachineSetters;
constexpr bool kRepeats = true;

constexpr std::array kRows = {
    SettingRow{{"deployment", "host|guest", "What the image runs on, with the role of that name"},
               "machine",
               "deployment",
               &S::deployment},
    SettingRow{{"edition", "standard|datacenter", "The edition"}, "machine", "edition", &S::edition},
    SettingRow{{"package", "NAME", "Add this package, beside the roles", kRepeats}, "package", "name", &S::package},
    SettingRow{{"servicing-package", "FILE", "Add this update (cabinet)", kRepeats},
               "servicing-package",
               "path",
               &S::servicing_package},
    SettingRow{
        {"computer-name", "NAME", "1 to 15 letters, digits and '-'"}, "machine", "computer-name", &S::computer_name},
    SettingRow{{"administrator-password-file", "FILE", "Read the administrator's password from this file"},
               "administrator",
               "password-file",
               &S::password_file},
    SettingRow{{"administrator-password-variable", "NAME", "Read it from this variable of the environment"},
               "administrator",
               "password-variable",
               &S::password_variable},
    SettingRow{{"unattend", "FILE", "Merge this answer file into the image's"}, "unattend", "path", &S::unattend},
    SettingRow{{"domain-blob", "FILE", "Join a domain by this file of djoin /provision"},
               "domain-join",
               "blob",
               &S::domain_blob},
    SettingRow{
        {"time-zone", "NAME", "Windows' name of it: \"Pacific Standard Time\""}, "machine", "time-zone", &S::time_zone},
    SettingRow{{"max-size", "SIZE", "Of the disk (default 4G for a machine); files grow into it"},
               "machine",
               "max-size",
               &S::max_size},
    SettingRow{{"remote-management", "", "Open the port of Windows Remote Management, 5985"},
               "machine",
               "remote-management",
               &S::remote_management},
    SettingRow{{"development", "", "Test certificates and unsigned drivers are taken"},
               "machine",
               "development",
               &S::development},
    SettingRow{
        {"ramdisk-boot", "", "Windows runs from a WIM file in memory"}, "machine", "ramdisk-boot", &S::ramdisk_boot},
    SettingRow{{"interface", "NAME|INDEX", "The network interface that the addresses are for"},
               "interface",
               "name",
               &S::interface},
    SettingRow{{"ipv4-address", "ADDRESS", "Its fixed address"}, "interface", "ipv4-address", &S::ipv4_address},
    SettingRow{{"ipv4-mask", "MASK", "As 255.255.255.0"}, "interface", "ipv4-mask", &S::ipv4_mask},
    SettingRow{{"ipv4-gateway", "ADDRESS", ""}, "interface", "ipv4-gateway", &S::ipv4_gateway},
    SettingRow{{"ipv4-dns", "ADDRESS", "Name server; the first is asked first", kRepeats}, "", "", &S::ipv4_dns},
    SettingRow{{"ipv6-address", "ADDRESS[/PREFIX]", "Its fixed address (prefix 64)"},
               "interface",
               "ipv6-address",
               &S::ipv6_address},
    SettingRow{{"ipv6-dns", "ADDRESS", "Name server", kRepeats}, "", "", &S::ipv6_dns},
    SettingRow{{}, "dns", "address", &S::dns},
    SettingRow{{"ems", "COM1[:RATE]", "Emergency Management Services on this port"}, "", "", &S::ems_flag},
    SettingRow{
        {"debug", "COM2[:RATE]|serial|net|1394|usb", "Kernel debugger (serial: COM2:115200)"}, "", "", &S::debug_flag},
    SettingRow{{}, "ems", "com-port", &S::ems_port},
    SettingRow{{}, "ems", "baud-rate", &S::ems_baud_rate},
    SettingRow{{}, "kernel-debugger", "method", &S::debug_method},
    SettingRow{{}, "kernel-debugger", "com-port", &S::debug_com_port},
    SettingRow{{}, "kernel-debugger", "baud-rate", &S::debug_baud_rate},
    SettingRow{{"debug-remote-ip", "ADDRESS", "net: of the machine with the debugger"},
               "kernel-debugger",
               "remote-ip",
               &S::debug_remote_ip},
    SettingRow{{"debug-port", "PORT", "net: 49152 to 65535"}, "kernel-debugger", "port", &S::debug_port},
    SettingRow{
        {"debug-key", "KEY", "net: four words of 0-9 and a-z, 1.2.3.4"}, "kernel-debugger", "key", &S::debug_key},
    SettingRow{{"debug-bus-parameters", "B.D.F", "net: which network card"},
               "kernel-debugger",
               "bus-parameters",
               &S::debug_bus_parameters},
    SettingRow{{"debug-channel", "NUMBER", "1394: 0 to 62"}, "kernel-debugger", "channel", &S::debug_channel},
    SettingRow{{"debug-target-name", "NAME", "usb"}, "kernel-debugger", "target-name", &S::debug_target_name},
    SettingRow{{}, "copy", "path", &S::copy},
    SettingRow{{}, "copy", "to", &S::copy_to},
    SettingRow{{"copy", "PATH[=FOLDER]", "Copy a file or folder into this folder of the image (its root)", kRepeats},
               "",
               "",
               &S::copy_flag},
    SettingRow{
        {"setup-command", "LINE", "Run this when setup is done", kRepeats}, "setup-command", "", &S::setup_command},
    SettingRow{
        {"driver", "PATH", "Add the drivers of this INF file or folder", kRepeats}, "driver", "path", &S::driver},
    SettingRow{{"offline-script", "FILE", "Refused: says what to write instead", kRepeats},
               "offline-script",
               "path",
               &S::offline_script},
};

}  // namespace

void MachineReader::state(std::string_view flag) { settings_.stated[std::string(flag)] = place_; }

void MachineReader::refuse(std::string_view what, std::string_view text, const std::string& reason,
                           std::vector<std::string> notes) {
  faults_.add(place_, "cannot use " + std::string(what) + " " + quote(text) + ": " + reason, std::move(notes));
}

MachineInterface* MachineReader::interface_of(std::string_view what) {
  auto& all = settings_.interfaces;
  if (interface_name_.empty() && all.size() == 1) return &all.front();
  for (MachineInterface& known : all) {
    if (case_key(known.name) == case_key(interface_name_)) return &known;
  }
  faults_.add(place_, "cannot use " + std::string(what) + ": no interface is named");
  return nullptr;
}

void MachineReader::set(std::string_view flag, const std::string& text, const Place& place) {
  place_ = place;
  const auto* row =
      std::find_if(kRows.begin(), kRows.end(), [&](const auto& known) { return known.flag.name == flag; });
  if (row == kRows.end()) return;
  state(flag);
  row->set(*this, text);
}

void MachineReader::read_element(const XmlElement& element) {
  place_ = element.place();
  if (element.name() == "ems") S::ems(*this, "true");
  for (const SettingRow& row : kRows) {
    if (row.element != element.name()) continue;
    const auto value = row.attribute.empty() ? std::optional<std::string_view>() : element.attribute(row.attribute);
    if (!row.attribute.empty() && !value) continue;
    place_ = row.attribute.empty() ? element.place() : element.place_of(row.attribute);
    if (value && value->empty() && row.attribute != "to") {
      faults_.add(place_, "cannot read <" + std::string(element.name()) + ">: its attribute " + quote(row.attribute) +
                              " is empty");
      continue;
    }
    if (!row.flag.name.empty()) state(row.flag.name);
    row.set(*this, value ? std::string(*value) : element.text());
  }
}

void MachineReader::read(const XmlElement& machine) {
  place_ = machine.place();
  state("machine");
  read_element(machine);
  for (const XmlElement& child : machine.children()) {
    place_ = child.place();
    if (child.name() == "ems") state("ems");
    if (child.name() == "kernel-debugger") state("debug");
    read_element(child);
    for (const XmlElement& server : child.children("dns")) read_element(server);
    if (child.name() == "interface") interface_name_.clear();
  }
}

std::span<const MachineFlag> machine_flags() {
  static const std::vector<MachineFlag> flags = [] {
    std::vector<MachineFlag> all;
    for (const SettingRow& row : kRows) {
      if (!row.flag.name.empty()) all.push_back(row.flag);
    }
    return all;
  }();
  return flags;
}

}  // namespace winnow
