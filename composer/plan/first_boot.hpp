// What only the installed system can do, in the order in which components ask for it: commands, registrations, tasks.
#pragma once

#include <string>
#include <vector>

#include "manifest/component_effects.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

struct PlannedWork {
  OwnerId owner = 0;
  std::string element;  // FirstBootWork's: "genericCommand", "gac", …
  std::string subject;  // the file it is about: "Windows\\a.dll"; "" when the settings say it
  ManifestAttributes settings;

  bool operator==(const PlannedWork&) const = default;
};

// "needs first boot: 3 pieces of work: gac 1, genericCommand 2"; "" when there is none.
[[nodiscard]] std::string first_boot_line(const std::vector<PlannedWork>& work);

}  // namespace winnow
