// SetupComplete.cmd: Windows runs it once, as the system, when setup is done. Microsoft's tool set addresses and opened
// ports the same way. netsh's words are those of its own help; no Windows ever ran these lines for us.
#include "plan/machine_plan.hpp"

namespace winnow {

namespace {

class LineWriter {
 public:
  std::vector<std::string> take() && { return std::move(lines_); }
  void add(std::string line) { lines_.push_back(std::move(line)); }

  void addresses(const MachineInterface& network) {
    const std::string name = "name=\"" + network.name + "\"";
    if (network.ipv4_address && network.ipv4_mask) {
      add("netsh interface ipv4 set address " + name + " source=static address=" + to_string(*network.ipv4_address) +
          " mask=" + to_string(*network.ipv4_mask) +
          (network.ipv4_gateway ? " gateway=" + to_string(*network.ipv4_gateway) : ""));
    }
    name_servers("ipv4", name, network.ipv4_dns);
    if (network.ipv6_address) {
      add("netsh interface ipv6 add address interface=\"" + network.name +
          "\" address=" + to_string(*network.ipv6_address) + "/" + std::to_string(network.ipv6_prefix));
    }
    name_servers("ipv6", name, network.ipv6_dns);
  }

  void remote_management() {
    add("netsh advfirewall firewall add rule name=\"Windows Remote Management (HTTP-In)\" dir=in action=allow "
        "protocol=TCP localport=5985");
    add("netsh advfirewall firewall set rule group=\"Remote Event Log Management\" new enable=yes");
  }

 private:
  // validate=no: a machine that is set up before its name server answers is set up all the same.
  template <class Address>
  void name_servers(const std::string& family, const std::string& name, const std::vector<Address>& servers) {
    for (std::size_t i = 0; i < servers.size(); ++i) {
      const std::string address = " address=" + to_string(servers[i]);
      add("netsh interface " + family +
          (i == 0 ? " set dnsservers " + name + " source=static" + address
                  : " add dnsservers " + name + address + " index=" + std::to_string(i + 1)) +
          " validate=no");
    }
  }

  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> setup_complete_lines(const MachineSettings& settings, const MachineInputs& inputs) {
  LineWriter lines;
  // Drivers come first: an address may be for what one of them drives.
  for (const std::string& inf : inputs.drivers) lines.add("pnputil /add-driver \"C:\\" + inf + "\" /install");
  for (const MachineInterface& network : settings.interfaces) lines.addresses(network);
  if (settings.remote_management) lines.remote_management();
  for (const MachineText& command : settings.setup_commands) lines.add(command.text);
  return std::move(lines).take();
}

}  // namespace winnow
