// The image's hives in the text form that Wine's server reads (system.reg, user.reg, userdef.reg).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "image_reader/image_reader.hpp"
#include "run_image/drive_folder.hpp"

namespace winnow {

// One file of Wine's: `base` is the key all of it is below ("\\Machine"), each hive is put below the name given with
// it.
class WineRegistryText {
 public:
  explicit WineRegistryText(std::string_view base);
  // `prefix`: "Software"; "" for the base key itself. Error when a name is no Unicode text.
  [[nodiscard]] Result<void> add(const RegistryTree& hive, const std::string& prefix);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  [[nodiscard]] Result<void> add_key(const RegistryTree& key, const std::string& path);
  [[nodiscard]] Result<void> add_value(const RegistryTree::Value& value, const std::string& path);
  std::string text_;
};

// What Windows makes at boot and no hive holds: CurrentControlSet, a link to the control set that Select\Current names.
void add_current_control_set(RegistryTree& system_hive);

// Reads the hives below C:\ (DEFAULT, SOFTWARE, SYSTEM, the new user's NTUSER.DAT), those that are there, and writes
// Wine's files into `prefix`.
[[nodiscard]] Result<void> write_wine_registry(const DriveFolder& drive, const std::filesystem::path& prefix);

}  // namespace winnow
