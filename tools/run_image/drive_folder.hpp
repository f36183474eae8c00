// C:\ of an image as a Linux folder the way Wine wants it: windows\system32 and the like in lower case (Wine makes them
// itself when it does not see them in just that spelling, and its own would hide the image's), everything else as the
// image spells it.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/windows_path.hpp"

namespace winnow {

class DriveFolder {
 public:
  // `root` exists and is empty. `without`: names or paths of files that are to be absent.
  DriveFolder(std::filesystem::path root, const std::vector<std::string>& without);

  // Each makes the parents it needs. A path that is already there is replaced: a later layer wins.
  [[nodiscard]] Result<void> add_directory(const WindowsPath& path);
  [[nodiscard]] Result<void> add_file(const WindowsPath& path, ByteView content);
  [[nodiscard]] Result<void> add_link(const WindowsPath& path, const WindowsPath& target);

  // Where a file or folder of the image lies here; "" when the image has none.
  [[nodiscard]] std::filesystem::path find(const WindowsPath& path) const;
  // Every PE file below \Windows by its lower-case name; of several the one in System32.
  [[nodiscard]] const std::map<std::string, std::filesystem::path>& modules() const { return modules_; }
  [[nodiscard]] bool has_file_named(const std::string& lower_case_name) const {
    return names_.contains(lower_case_name);
  }
  // Entries of `without` that no file matched so far.
  [[nodiscard]] std::vector<std::string> unmatched() const;

 private:
  struct Hidden {
    std::string text;    // as given
    std::u16string key;  // compared with a file's name, or with its path
    bool is_path = false;
    bool matched = false;
  };
  [[nodiscard]] bool hide(const WindowsPath& path);
  [[nodiscard]] Result<std::filesystem::path> place(const WindowsPath& path);
  void remember_module(const WindowsPath& path, const std::filesystem::path& file);

  std::filesystem::path root_;
  std::vector<Hidden> hidden_;
  std::map<WindowsPath, std::filesystem::path> paths_;
  std::map<std::string, std::filesystem::path> modules_;
  std::set<std::string> names_;  // of files, lower case
};

}  // namespace winnow
