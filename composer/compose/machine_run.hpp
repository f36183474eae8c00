// The machine of a run: settings as manifest and flags make them together, what they name, and what they ask of the
// image's writer.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "compose/compose.hpp"
#include "image/image_writer.hpp"
#include "manifest/app_manifest.hpp"
#include "plan/machine_plan.hpp"
#include "resolve/lock_file.hpp"

namespace winnow {

// Puts the flags over the manifest's settings and checks what they are together, before anything is built; all faults
// at once.
[[nodiscard]] Result<void> set_machine_flags(const std::vector<MachineFlagText>& flags, MachineSettings& settings);

// Adds the roles and packages that flags and settings name. Where a deployment or an edition is said, names of
// `options.role_map` become packages by its rules; a name that is no package of the feeds either is an error.
[[nodiscard]] Result<void> set_roles(const ComposeOptions& options, const Catalog& catalog, AppManifest& app);

// Reads the answer file and the domain blob, and the password when it is wanted. Messages show nothing of either.
[[nodiscard]] Result<MachineInputs> load_machine_inputs(const MachineSettings& settings, bool with_password);

// Reads the drivers: their files join `files`, their INF files `inputs`.
[[nodiscard]] Result<void> add_drivers(const MachineSettings& settings, const std::string& architecture,
                                       AppFiles& files, MachineInputs& inputs);

// For the lock file: the flags, the answer file, the blob. Nothing of the password.
[[nodiscard]] std::vector<LockedInput> machine_locked_inputs(const ComposeOptions& options,
                                                             const MachineSettings& settings,
                                                             const MachineInputs& inputs);

// How Windows is started, and how large its disk is: what `write` does not say already.
void set_machine_write_options(const MachineSettings& settings, WriteOptions& write);
// The boot settings alone.
void set_boot_options(const MachineSettings& settings, BcdOptions& boot);

// What somebody who uses the finished image must know. An update keeps the files it replaces until it is done, so it
// may need as much room again as \Windows has: a disk with less free space is noted.
[[nodiscard]] std::vector<std::string> disk_notes(const MachineSettings& settings, const ImagePlan& plan,
                                                  const WriteReport& report);

}  // namespace winnow
