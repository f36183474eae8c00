#include "manifest/machine_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf16.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxComputerName = 15;  // what NetBIOS takes
constexpr std::array<std::string_view, 4> kMethods = {"serial", "net", "1394", "usb"};

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string com(std::uint32_t port) { return "COM" + std::to_string(port); }

class SettingsCheck {
 public:
  SettingsCheck(const MachineSettings& settings, Diagnostics& faults) : settings_(settings), faults_(faults) {}

  void check() {
    check_password();
    check_domain();
    if (settings_.debugger) check_debugger(*settings_.debugger);
    check_serial_ports();
    for (const MachineInterface& network : settings_.interfaces) check_interface(network);
    for (const MachineFile& script : settings_.offline_scripts) {
      faults_.add(
          script.place, "cannot run offline script \"" + script.path.string() + "\": winnow edits an image as data",
          {"say it with <registry>, <service>, <files>, <copy>, <unattend>; what needs the running machine with "
           "<setup-command>"});
    }
  }

 private:
  void check_password() {
    if (settings_.password.file.empty() || settings_.password.variable.empty()) return;
    faults_.add(settings_.place_of("administrator-password-variable"),
                "cannot use administrator password: a file and a variable are both named",
                {"the file at " + to_string(settings_.place_of("administrator-password-file"))});
  }

  void check_domain() {
    if (!settings_.domain_blob || settings_.computer_name.empty()) return;
    faults_.add(
        settings_.place_of("computer-name"),
        "cannot use computer name \"" + settings_.computer_name + "\": the domain blob already names the computer",
        {"the blob at " + to_string(settings_.place_of("domain-blob"))});
  }

  void refuse_debugger(const std::string& reason) {
    faults_.add(settings_.place_of("debug"), "cannot use kernel debugger: " + reason);
  }

  void check_debugger(const KernelDebugger& debugger) {
    const auto method = [&](DebugMethod only, std::string_view name, bool is_given, bool is_needed) {
      if (debugger.method != only && is_given) {
        refuse_debugger(std::string(name) + " is for method " + std::string(to_string(only)) + ", not for " +
                        std::string(to_string(debugger.method)));
      }
      if (debugger.method == only && is_needed && !is_given) {
        refuse_debugger("method " + std::string(to_string(only)) + " needs " + std::string(name));
      }
    };
    method(DebugMethod::serial, "com-port", debugger.com_port.has_value(), false);
    method(DebugMethod::serial, "baud-rate", debugger.baud_rate.has_value(), false);
    method(DebugMethod::net, "remote-ip", debugger.remote_ip.has_value(), true);
    method(DebugMethod::net, "port", debugger.port.has_value(), true);
    // Microsoft's tool made one up; winnow draws no random numbers, so that the same inputs give the same bytes.
    method(DebugMethod::net, "key", !debugger.key.empty(), true);
    method(DebugMethod::net, "bus-parameters", !debugger.bus_parameters.empty(), false);
    method(DebugMethod::firewire, "channel", debugger.channel.has_value(), true);
    method(DebugMethod::usb, "target-name", !debugger.target_name.empty(), true);
  }

  void check_serial_ports() {
    const auto& debugger = settings_.debugger;
    if (!settings_.ems || !debugger || debugger->method != DebugMethod::serial) return;
    if (settings_.ems->port != debugger->line().port) return;
    faults_.add(
        settings_.place_of("debug"),
        "cannot use " + com(settings_.ems->port) + " for the kernel debugger: Emergency Management Services use it",
        {"they are at " + to_string(settings_.place_of("ems"))});
  }

  void check_interface(const MachineInterface& network) {
    const auto refuse = [&](const std::string& reason) {
      faults_.add(network.place, "cannot set up interface \"" + network.name + "\": " + reason);
    };
    const auto& address = network.ipv4_address;
    const auto& mask = network.ipv4_mask;
    if (!address && (mask || network.ipv4_gateway)) refuse("it has no IPv4 address");
    if (address && !mask) refuse("address " + to_string(*address) + " has no mask");
    if (!address && !network.ipv6_address && network.ipv4_dns.empty() && network.ipv6_dns.empty()) {
      if (!mask && !network.ipv4_gateway) refuse("nothing is said of it");
    }
    if (!address || !mask) return;
    const std::uint32_t host = address->bits & ~mask->bits;
    if (host == 0 || host == ~mask->bits) {
      refuse(to_string(*address) + " is the " + (host == 0 ? "network's own" : "broadcast") + " address under mask " +
             to_string(*mask));
    }
    const auto& gateway = network.ipv4_gateway;
    if (gateway && ((gateway->bits ^ address->bits) & mask->bits) != 0) {
      refuse("gateway " + to_string(*gateway) + " is outside the network of " + to_string(*address) + " under mask " +
             to_string(*mask));
    }
    if (gateway && *gateway == *address) refuse("its gateway is its own address");
  }

  const MachineSettings& settings_;
  Diagnostics& faults_;
};

}  // namespace

Place MachineSettings::place_of(std::string_view setting) const {
  const auto found = stated.find(setting);
  return found == stated.end() ? Place{} : found->second;
}

Result<void> check_machine_settings(const MachineSettings& settings) {
  Diagnostics faults;
  SettingsCheck(settings, faults).check();
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

std::optional<ByteCount> parse_byte_size(std::string_view text) {
  constexpr std::string_view kUnits = "kmgt";
  ByteCount value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string unit = ascii_lower(std::string(end, text.data() + text.size()));
  if (unit.ends_with("ib")) {
    unit.resize(unit.size() - 2);
  } else if (unit.ends_with("b")) {
    unit.resize(unit.size() - 1);
  }
  const std::size_t place = unit.size() == 1 ? kUnits.find(unit[0]) : std::string_view::npos;
  const unsigned shift = unit.empty() ? 0 : 10 * static_cast<unsigned>(place + 1);
  const bool is_known = error == std::errc() && (unit.empty() || place != std::string_view::npos);
  if (!is_known || value > (~0ull >> 1 >> shift)) return std::nullopt;
  return value << shift;
}

std::string reason_against_computer_name(std::string_view name) {
  if (name.empty()) return "it is empty";
  for (const char c : name) {
    if (!is_letter_or_digit(c) && c != '-') return "a name is letters, digits and '-'";
  }
  if (name.size() > kMaxComputerName) {
    return "it has " + std::to_string(name.size()) + " characters, at most 15 fit";
  }
  if (name.front() == '-' || name.back() == '-') return "a name neither begins nor ends with '-'";
  if (std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return "a name of digits only is an address to DNS";
  }
  return {};
}

std::string_view to_string(DebugMethod method) { return kMethods[static_cast<std::size_t>(method)]; }

std::optional<DebugMethod> parse_debug_method(std::string_view text) {
  for (std::size_t i = 0; i < kMethods.size(); ++i) {
    if (ascii_iequals(text, kMethods[i])) return static_cast<DebugMethod>(i);
  }
  return std::nullopt;
}

}  // namespace winnow
