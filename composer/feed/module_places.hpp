// Where wine.inf puts the modules (its WineFakeDlls sections), which folders it makes, and in what order Wine registers
// the modules.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "manifest/inf_file.hpp"
#include "manifest/windows_folders.hpp"

namespace winnow {

class ModulePlaces {
 public:
  // `install_sections` in the order they run. A line is "folder, subfolder, file[, source]": a file, "*.ending" or "*";
  // no file makes the folder; source "-" means that the module is not put anywhere.
  [[nodiscard]] static Result<ModulePlaces> from_inf(const InfFile& inf,
                                                     const std::vector<std::string>& install_sections);

  // Never empty. A module that wine.inf does not put anywhere goes where its ending belongs: *.sys into drivers, others
  // into system32.
  [[nodiscard]] std::vector<Destination> destinations(std::string_view module) const;
  // Modules that are named go first, in the order of the lines; those that a pattern takes follow by name.
  [[nodiscard]] std::vector<std::string> in_registration_order(std::vector<std::string> modules) const;
  // Folders to be made whether or not a file goes in, sorted, none twice.
  [[nodiscard]] std::vector<std::string> folders() const;

 private:
  struct Pattern {
    std::string ending;  // ".sys", "" = any
    Destination destination;
  };
  Result<void> add_line(const InfFile& inf, const InfLine& line);

  std::map<std::string, std::vector<Destination>, std::less<>> named_;  // by lower-case file name
  std::map<std::string, std::size_t, std::less<>> order_;               // of the named ones
  std::vector<Pattern> patterns_;
  std::map<std::string, std::string> folders_;  // by lower-case path
};

}  // namespace winnow
