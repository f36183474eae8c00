#include "winnow/machine_options.hpp"

#include <CLI/CLI.hpp>

#include "manifest/machine_reader.hpp"

namespace winnow {

namespace {

constexpr auto kMachine = "The machine (instead of the manifest's <machine>)";
constexpr auto kBoot = "Disks: how Windows starts";

bool is_boot_flag(std::string_view name) { return name == "ems" || name.starts_with("debug"); }

CLI::Option* add_flag(CLI::App& app, const MachineFlag& flag, MachineOptions& options) {
  const std::string name(flag.name);
  const std::string help(flag.help);
  CLI::Option* option = nullptr;
  if (flag.argument.empty()) {
    option = app.add_flag("--" + name, options.switches[name], help);
  } else {
    option = app.add_option("--" + name, options.values[name], help)
                 ->type_name(std::string(flag.argument))
                 ->allow_extra_args(false);
    if (!flag.repeats) option->take_last();
  }
  return option->group(is_boot_flag(flag.name) ? kBoot : kMachine);
}

}  // namespace

std::vector<MachineFlagText> MachineOptions::texts() const {
  std::vector<MachineFlagText> texts;
  for (const MachineFlag& flag : machine_flags()) {
    if (const auto found = switches.find(flag.name); found != switches.end() && found->second) {
      texts.push_back({std::string(flag.name), "true"});
    }
    const auto given = values.find(flag.name);
    if (given == values.end()) continue;
    for (const std::string& text : given->second) texts.push_back({std::string(flag.name), text});
  }
  return texts;
}

void add_machine_options(CLI::App& app, MachineOptions& options) {
  app.add_option("--role", options.roles, "Add this role: a package of the feed, or compute, storage, iis …")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->group(kMachine);
  app.add_option("--role-map", options.role_map, "The file that says which package a role is")
      ->type_name("FILE")
      ->capture_default_str()
      ->group(kMachine);
  add_setting_options(app, options);
}

void add_setting_options(CLI::App& app, MachineOptions& options) {
  for (const MachineFlag& flag : machine_flags()) add_flag(app, flag, options);
}

std::vector<CLI::Option*> add_boot_options(CLI::App& app, MachineOptions& options) {
  std::vector<CLI::Option*> added;
  for (const MachineFlag& flag : machine_flags()) {
    if (is_boot_flag(flag.name)) added.push_back(add_flag(app, flag, options));
  }
  return added;
}

void set_machine_options(const MachineOptions& options, ComposeOptions& compose) {
  compose.machine = options.texts();
  compose.role_map = options.role_map;
  compose.roles = options.roles;
}

}  // namespace winnow
