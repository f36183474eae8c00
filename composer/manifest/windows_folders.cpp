#include "manifest/windows_folders.hpp"

#include <array>
#include <charconv>

#include "base/windows_path.hpp"

namespace winnow {
namespace {

// Numbers: "Using Dirids" in Microsoft's driver documentation; from 16384 on 0x4000 + a shell folder's CSIDL; 66000 is
// the printer driver folder.
constexpr std::array<WindowsFolder, 17> kFolders = {{
    {10, "$(runtime.windows)", "C:\\windows"},
    {11, "$(runtime.system32)", "C:\\windows\\system32"},
    {12, "$(runtime.drivers)", "C:\\windows\\system32\\drivers"},
    {17, "$(runtime.inf)", "C:\\windows\\inf"},
    {20, "$(runtime.fonts)", "C:\\windows\\fonts"},
    {23, "$(runtime.system32)\\spool\\drivers\\color", "C:\\windows\\system32\\spool\\drivers\\color"},
    {24, "$(runtime.bootDrive)", "C:"},
    {25, "$(runtime.windows)", "C:\\windows"},
    {30, "$(runtime.bootDrive)", "C:\\"},
    {55, "$(runtime.system32)\\spool\\prtprocs\\x64", "C:\\windows\\system32\\spool\\prtprocs\\x64"},
    {16410, "$(runtime.userProfile)\\AppData\\Roaming", "C:\\users\\Default\\AppData\\Roaming"},
    {16412, "$(runtime.userProfile)\\AppData\\Local", "C:\\users\\Default\\AppData\\Local"},
    {16422, "$(runtime.programFiles)", "C:\\Program Files"},
    {16426, "$(runtime.programFilesX86)", "C:\\Program Files (x86)"},
    {16427, "$(runtime.commonFiles)", "C:\\Program Files\\Common Files"},
    {16428, "$(runtime.commonFilesX86)", "C:\\Program Files (x86)\\Common Files"},
    {66000, "$(runtime.system32)\\spool\\drivers\\x64", "C:\\windows\\system32\\spool\\drivers\\x64"},
}};

}  // namespace

const WindowsFolder* find_windows_folder(std::uint32_t id) {
  for (const WindowsFolder& folder : kFolders) {
    if (folder.id == id) return &folder;
  }
  return nullptr;
}

Result<Destination> destination_below(std::string_view id, std::string_view subfolder) {
  std::uint32_t number = 0;
  const auto [end, fault] = std::from_chars(id.data(), id.data() + id.size(), number);
  const bool is_number = fault == std::errc() && end == id.data() + id.size();
  const WindowsFolder* folder = is_number ? find_windows_folder(number) : nullptr;
  if (folder == nullptr) return fail("cannot use folder " + std::string(id) + ": its number is not known");
  WINNOW_TRY(const WindowsPath below, WindowsPath::parse(subfolder));
  const std::string tail = below.is_root() ? "" : "\\" + below.text();
  return Destination{std::string(folder->macro) + tail, std::string(folder->text) + tail};
}

}  // namespace winnow
