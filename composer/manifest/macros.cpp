#include "manifest/macros.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"

namespace winnow {
namespace {

struct Macro {
  std::string_view name;    // after "runtime."
  std::string_view native;  // folder of the image
  std::string_view wow64;   // of x86 and wow64 components, "" when the same
};

constexpr std::array<Macro, 22> kMacros = {{
    {"appPatch", "Windows\\AppPatch", ""},
    {"bootDrive", "", ""},
    {"commonFiles", "Program Files\\Common Files", "Program Files (x86)\\Common Files"},
    {"commonFilesX86", "Program Files (x86)\\Common Files", ""},
    {"drivers", "Windows\\System32\\drivers", ""},
    {"fonts", "Windows\\Fonts", ""},
    {"help", "Windows\\Help", ""},
    {"inf", "Windows\\INF", ""},
    {"programData", "ProgramData", ""},
    {"programFiles", "Program Files", "Program Files (x86)"},
    {"programFilesX86", "Program Files (x86)", ""},
    {"public", "Users\\Public", ""},
    {"startMenu", "ProgramData\\Microsoft\\Windows\\Start Menu", ""},
    {"startup", "ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\Startup", ""},
    {"system32", "Windows\\System32", "Windows\\SysWOW64"},
    {"systemDrive", "", ""},
    {"systemRoot", "Windows", ""},
    {"sysWow64", "Windows\\SysWOW64", ""},
    {"userProfile", "Users\\Default", ""},
    {"wbem", "Windows\\System32\\wbem", "Windows\\SysWOW64\\wbem"},
    {"windir", "Windows", ""},
    {"windows", "Windows", ""},
}};

constexpr std::string_view kPrefix = "runtime.";

Result<std::string> expand_macro(std::string_view macro, std::string_view destination, bool is_wow64) {
  const bool has_prefix = macro.size() > kPrefix.size() && ascii_iequals(macro.substr(0, kPrefix.size()), kPrefix);
  const std::string_view name = has_prefix ? macro.substr(kPrefix.size()) : std::string_view();
  const auto* known =
      std::find_if(kMacros.begin(), kMacros.end(), [&](const Macro& m) { return ascii_iequals(m.name, name); });
  if (known != kMacros.end()) return std::string(is_wow64 && !known->wow64.empty() ? known->wow64 : known->native);
  std::vector<std::string> names;
  for (const Macro& m : kMacros) names.push_back(std::string(kPrefix) + std::string(m.name));
  std::vector<std::string> notes;
  if (const std::string near = nearest_name(macro, names); !near.empty()) {
    notes.push_back("did you mean \"$(" + near + ")\"?");
  }
  return fail("cannot expand destination \"" + std::string(destination) + "\": the macro $(" + std::string(macro) +
                  ") is unknown",
              std::move(notes));
}

}  // namespace

Result<WindowsPath> expand_destination(std::string_view destination, std::string_view architecture) {
  const bool is_wow64 = ascii_iequals(architecture, "x86") || ascii_iequals(architecture, "wow64");
  std::string path;
  for (std::string_view rest = destination; !rest.empty();) {
    const std::size_t start = std::min(rest.find("$("), rest.size());
    path += rest.substr(0, start);
    rest.remove_prefix(start);
    if (rest.empty()) break;
    const std::size_t end = rest.find(')');
    if (end == std::string_view::npos) {
      return fail("cannot expand destination \"" + std::string(destination) + "\": a macro is not closed by ')'");
    }
    WINNOW_TRY(const std::string folder, expand_macro(rest.substr(2, end - 2), destination, is_wow64));
    path += folder;
    rest.remove_prefix(end + 1);
  }
  return WindowsPath::parse(path);
}

}  // namespace winnow
