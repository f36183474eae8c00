// The options that say what one machine is to be: of compose, plan and edit. Their table is
// manifest/machine_reader.hpp, so that a flag and an element of the manifest are one setting.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compose/compose.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace winnow {

// As typed.
struct MachineOptions {
  std::map<std::string, std::vector<std::string>, std::less<>> values;  // by the flag's name without "--"
  std::map<std::string, bool, std::less<>> switches;
  std::vector<std::string> roles;
  std::string role_map = WINNOW_PACKAGES_DIR "/roles/nano-server.xml";

  // Those that were given, in the order of machine_flags().
  [[nodiscard]] std::vector<MachineFlagText> texts() const;
};

// --deployment, --computer-name, --ems, …; --role and --role-map.
void add_machine_options(CLI::App& app, MachineOptions& options);
// The same without roles, which an image that exists cannot take.
void add_setting_options(CLI::App& app, MachineOptions& options);
// Only those that say how Windows is started: --ems, --debug, --debug-….
std::vector<CLI::Option*> add_boot_options(CLI::App& app, MachineOptions& options);

void set_machine_options(const MachineOptions& options, ComposeOptions& compose);

}  // namespace winnow
