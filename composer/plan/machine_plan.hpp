// What the settings of a machine are in an image: registry values, an answer file for setup, commands for when setup is
// done. Works on an image that is planned and on one that was read back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/machine_settings.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

// What the files and variables that settings name hold.
struct MachineInputs {
  std::string unattend = {};                 // the user's answer file; "" = none
  std::string domain_blob = {};              // base64, no blanks; "" = none
  std::optional<std::string> password = {};  // only where an image is written: no plan that is printed has it
  std::vector<std::string> drivers = {};  // INF files in the image for Windows to add: "Windows\Setup\Drivers\1\x.inf"
  std::vector<std::string> notes = {};    // for whoever uses the image
};

enum class MachineEdit {
  fresh,     // an answer file, a name that the image brings must not say otherwise: a fault names both places
  replaces,  // an image that exists is changed: what is set anew takes the place of what is there
};

[[nodiscard]] WindowsPath unattend_path();        // Windows\Panther\unattend.xml
[[nodiscard]] WindowsPath setup_complete_path();  // Windows\Setup\Scripts\SetupComplete.cmd

// Precondition: check_machine_settings() finds nothing. All faults at once. What is stated of no machine changes
// nothing.
[[nodiscard]] Result<void> apply_machine_settings(ImagePlan& plan, const MachineSettings& settings,
                                                  const MachineInputs& inputs, MachineEdit edit);

// The lines winnow and the settings have run when setup is done, in their order; without line ends.
[[nodiscard]] std::vector<std::string> setup_complete_lines(const MachineSettings& settings,
                                                            const MachineInputs& inputs);

// What somebody who uses the image must know of these settings, a line each.
[[nodiscard]] std::vector<std::string> machine_notes(const MachineSettings& settings, const MachineInputs& inputs);

}  // namespace winnow
