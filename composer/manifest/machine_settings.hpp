// What one machine is to be, beside what its app needs: its kind, name, password, network, how Windows is started and
// what runs when setup is done. Everything New-NanoServerImage and Edit-NanoServerImage could be told (README.md has
// the table), as <machine> of the app manifest and as flags.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/result.hpp"
#include "base/windows_path.hpp"
#include "manifest/ip_address.hpp"

namespace winnow {

// COM1 at 115200 bits a second is where Emergency Management Services speak unless somebody says otherwise.
struct SerialLine {
  std::uint32_t port = 1;  // COM1 to COM4
  std::uint32_t baud_rate = 115200;
};

enum class DebugMethod { serial, net, firewire, usb };

// What a kernel debugger is reached by. Which fields count depends on the method; check_machine_settings() says so.
struct KernelDebugger {
  DebugMethod method = DebugMethod::serial;
  std::optional<std::uint32_t> com_port;   // serial; COM2 unless said
  std::optional<std::uint32_t> baud_rate;  // serial; 115200 unless said
  std::optional<Ipv4Address> remote_ip;    // net: of the machine with the debugger
  std::optional<std::uint32_t> port;       // net: 49152 to 65535
  std::string key;                         // net: four words of 0-9 and a-z with dots between
  std::string bus_parameters;              // net: "1.5.0", bus, device and function of the network card; "" = any
  std::optional<std::uint32_t> channel;    // 1394
  std::string target_name;                 // usb

  // The line a serial debugger uses: COM2 unless said, so that EMS on COM1 stays free.
  [[nodiscard]] SerialLine line() const { return {com_port.value_or(2), baud_rate.value_or(115200)}; }
};

// Fixed addresses of one network interface.
struct MachineInterface {
  std::string name;  // "Ethernet", or its index: "4"
  std::optional<Ipv4Address> ipv4_address;
  std::optional<Ipv4Address> ipv4_mask;
  std::optional<Ipv4Address> ipv4_gateway;
  std::vector<Ipv4Address> ipv4_dns;
  std::optional<Ipv6Address> ipv6_address;
  std::uint32_t ipv6_prefix = 64;
  std::vector<Ipv6Address> ipv6_dns;
  Place place;
};

// Something of this machine, named by its path, and what asks for it.
struct MachineFile {
  std::filesystem::path path;
  Place place;
};

// A file or a folder's files that come into the image.
struct MachineCopy {
  std::filesystem::path path;
  WindowsPath destination;  // folder in the image; its root unless said
  Place place;
};

// A line of SetupComplete.cmd, a package's name.
struct MachineText {
  std::string text;
  Place place;
};

// Where the built-in administrator's password is read from, when the image is written and not before. It is never an
// argument, and no field holds it.
struct PasswordSource {
  std::filesystem::path file;  // a line of text
  std::string variable;        // of the environment
};

struct MachineSettings {
  std::string deployment;     // "host", "guest"; "" = not said
  std::string edition;        // "standard", "datacenter"; "" = not said
  std::string computer_name;  // "" = Windows makes one up
  std::string time_zone;      // Windows' name of it: "Pacific Standard Time"
  ByteCount max_size = 0;     // of the disk; 0 = not said
  bool remote_management = false;
  bool development = false;   // test certificates, unsigned drivers
  bool ramdisk_boot = false;  // Windows runs from a WIM file in memory
  PasswordSource password;
  std::optional<MachineFile> unattend;     // the user's own answer file
  std::optional<MachineFile> domain_blob;  // of djoin /provision
  std::vector<MachineInterface> interfaces;
  std::optional<SerialLine> ems;  // Emergency Management Services
  std::optional<KernelDebugger> debugger;
  std::vector<MachineCopy> copies;
  std::vector<MachineText> setup_commands;
  std::vector<MachineFile> drivers;             // an INF file, or a folder of them
  std::vector<MachineText> packages;            // by name, beside the roles
  std::vector<MachineFile> servicing_packages;  // cabinets of updates
  std::vector<MachineFile> offline_scripts;     // refused: an image is edited as data

  // Where each setting was said last, by the flag's name without "--": "computer-name".
  std::map<std::string, Place, std::less<>> stated;

  [[nodiscard]] bool is_stated() const { return !stated.empty(); }
  [[nodiscard]] Place place_of(std::string_view setting) const;
};

// What only shows when manifest and flags are put together: the same serial port twice, a debugger without what its
// method needs, a gateway outside its network, a name beside a domain blob that has one. All faults at once.
[[nodiscard]] Result<void> check_machine_settings(const MachineSettings& settings);

// "64M", "2GiB", "1048576": bytes.
[[nodiscard]] std::optional<ByteCount> parse_byte_size(std::string_view text);

// Why a computer cannot have this name; "" when it can: 1 to 15 letters, digits and '-' (DNS and NetBIOS).
[[nodiscard]] std::string reason_against_computer_name(std::string_view name);

[[nodiscard]] std::string_view to_string(DebugMethod method);  // "serial", "net", "1394", "usb"
[[nodiscard]] std::optional<DebugMethod> parse_debug_method(std::string_view text);

}  // namespace winnow
