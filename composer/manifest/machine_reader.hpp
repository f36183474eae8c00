// The settings of a machine as one table: what each is called as a flag and as element and attribute of <machine>, and
// how its text becomes a value. The manifest and the command line are both read by it, so they take the same words and
// refuse the same ones.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "manifest/machine_settings.hpp"
#include "manifest/xml_document.hpp"

namespace winnow {

// Reads texts into settings. A value said again replaces the first; lists grow.
class MachineReader {
 public:
  // `folder`: what relative paths start from.
  MachineReader(MachineSettings& settings, std::filesystem::path folder, Diagnostics& faults)
      : settings_(settings), folder_(std::move(folder)), faults_(faults) {}

  // A whole <machine>. Shapes are checked elsewhere (app_manifest_shape.hpp).
  void read(const XmlElement& machine);
  // The setting of that flag's name, which must be one of machine_flags().
  void set(std::string_view flag, const std::string& text, const Place& place);

 private:
  friend struct MachineSetters;
  void read_element(const XmlElement& element);
  void state(std::string_view flag);
  void refuse(std::string_view what, std::string_view text, const std::string& reason,
              std::vector<std::string> notes = {});
  MachineInterface* interface_of(std::string_view what);

  MachineSettings& settings_;
  std::filesystem::path folder_;
  Diagnostics& faults_;
  Place place_;                 // of the text that is being read
  std::string interface_name_;  // of the interface that following texts are about
};

struct MachineFlag {
  std::string_view name;      // without "--"
  std::string_view argument;  // "" = a switch
  std::string_view help;
  bool repeats = false;
};

// In the order in which set() must be called: an interface's name before its addresses, a debugger's method before the
// rest.
[[nodiscard]] std::span<const MachineFlag> machine_flags();

}  // namespace winnow
