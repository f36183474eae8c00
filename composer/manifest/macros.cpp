#include "manifest/macros.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"

namespace winnow {
namespace {

struct FolderMacro {
  std::string_view name;    // after "runtime."
  std::string_view native;  // folder of the image
  std::string_view x86;     // of x86 and wow64 components, "" when the same
  std::string_view arm;     // of arm components on an arm64 image, "" when the same
};

// Names and folders: servicing.md 4.10; apps, sharedData, clipAppLicenseInstall, root, services: pkggen.cfg.xml of the
// Windows kits.
constexpr std::array<FolderMacro, 30> kFolders = {{
    {"appPatch", "Windows\\AppPatch", "", ""},
    {"apps", "Programs", "", ""},
    {"bootDrive", "", "", ""},
    {"clipAppLicenseInstall", "ProgramData\\Microsoft\\Windows\\ClipSVC\\Install\\Apps", "", ""},
    {"commonFiles", "Program Files\\Common Files", "Program Files (x86)\\Common Files",
     "Program Files (Arm)\\Common Files"},
    {"commonFilesX86", "Program Files (x86)\\Common Files", "", ""},
    {"documentSettings", "Documents and Settings", "", ""},
    {"drivers", "Windows\\System32\\drivers", "", ""},
    {"fonts", "Windows\\Fonts", "", ""},
    {"help", "Windows\\Help", "", ""},
    {"inf", "Windows\\INF", "", ""},
    {"mui", "Windows\\MUI", "", ""},
    {"programData", "ProgramData", "", ""},
    {"programFiles", "Program Files", "Program Files (x86)", "Program Files (Arm)"},
    {"programFilesX86", "Program Files (x86)", "", ""},
    {"public", "Users\\Public", "", ""},
    {"root", "", "", ""},
    {"services", "Windows\\System32", "", ""},
    {"sharedData", "Data\\SharedData", "", ""},
    {"startMenu", "ProgramData\\Microsoft\\Windows\\Start Menu", "", ""},
    {"startup", "ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\Startup", "", ""},
    {"system", "Windows\\System", "", ""},
    {"system32", "Windows\\System32", "Windows\\SysWOW64", "Windows\\SysArm32"},
    {"systemDrive", "", "", ""},
    {"systemRoot", "Windows", "", ""},
    {"sysWow64", "Windows\\SysWOW64", "", ""},
    {"userProfile", "Users\\Default", "", ""},
    {"wbem", "Windows\\System32\\wbem", "Windows\\SysWOW64\\wbem", "Windows\\SysArm32\\wbem"},
    {"windir", "Windows", "", ""},
    {"windows", "Windows", "", ""},
}};

// Keys: pkggen.cfg.xml of the Windows kits.
constexpr std::array<std::pair<std::string_view, std::string_view>, 21> kKeys = {{
    {"hkcr.classes", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes"},
    {"hkcr.root", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes"},
    {"hkcu.root", "HKEY_CURRENT_USER"},
    {"hklm.autologger", "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\WMI\\Autologger"},
    {"hklm.bcd", "HKEY_LOCAL_MACHINE\\BCD"},
    {"hklm.control", "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control"},
    {"hklm.currentcontrolset", "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet"},
    {"hklm.drivers", "HKEY_LOCAL_MACHINE\\DRIVERS"},
    {"hklm.enum", "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Enum"},
    {"hklm.hardware", "HKEY_LOCAL_MACHINE\\HARDWARE"},
    {"hklm.microsoft", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft"},
    {"hklm.policies", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies"},
    {"hklm.sam", "HKEY_LOCAL_MACHINE\\SAM"},
    {"hklm.security", "HKEY_LOCAL_MACHINE\\SECURITY"},
    {"hklm.services", "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services"},
    {"hklm.software", "HKEY_LOCAL_MACHINE\\SOFTWARE"},
    {"hklm.svchost", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Svchost"},
    {"hklm.system", "HKEY_LOCAL_MACHINE\\SYSTEM"},
    {"hklm.windows", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows"},
    {"hklm.windowsnt", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"},
    {"hkuser.default", "HKEY_USERS\\.DEFAULT"},
}};

constexpr std::string_view kPrefix = "runtime.";
constexpr std::array<std::string_view, 2> kStringPrefixes = {"resourceString.", "string."};
constexpr std::string_view kDependencyPrefix = "dependentAssembly.";
constexpr std::string_view kDependencySuffix = ".path";
constexpr std::string_view kLiteral = "build.PackageMoniker";  // belongs to AppX, which expands it itself
constexpr std::string_view kEmpty = "assembly.empty";          // "$$(assembly.empty)(x)" is how to write "$(x)"

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && ascii_iequals(text.substr(0, prefix.size()), prefix);
}

std::optional<std::string_view> find_folder(std::string_view macro, SystemView view) {
  if (!starts_with(macro, kPrefix)) return std::nullopt;
  const std::string_view name = macro.substr(kPrefix.size());
  const auto* known =
      std::find_if(kFolders.begin(), kFolders.end(), [&](const FolderMacro& m) { return ascii_iequals(m.name, name); });
  if (known == kFolders.end()) return std::nullopt;
  const std::string_view other = view == SystemView::x86 ? known->x86 : view == SystemView::arm ? known->arm : "";
  return other.empty() ? known->native : other;
}

tl::unexpected<Error> unknown_macro(const std::string& subject, std::string_view macro, bool with_keys) {
  std::vector<std::string> names;
  for (const FolderMacro& m : kFolders) names.push_back(std::string(kPrefix) + std::string(m.name));
  if (with_keys) {
    for (const auto& [name, key] : kKeys) names.emplace_back(name);
  }
  std::vector<std::string> notes;
  if (const std::string near = nearest_name(macro, names); !near.empty()) {
    notes.push_back("did you mean \"$(" + near + ")\"?");
  }
  return fail(subject + ": the macro $(" + std::string(macro) + ") is unknown", std::move(notes));
}

// What a macro stands for; `subject` begins the message of an error.
using Lookup = std::function<Result<std::string>(std::string_view macro, const std::string& subject)>;

Result<std::string> expand(std::string_view text, const std::string& subject, const Lookup& lookup) {
  std::string expanded;
  while (!text.empty()) {
    const std::size_t start = std::min(text.find("$("), text.size());
    expanded += text.substr(0, start);
    text.remove_prefix(start);
    if (text.empty()) break;
    const std::size_t end = text.find(')');
    if (end == std::string_view::npos) return fail(subject + ": a macro is not closed by ')'");
    WINNOW_TRY(const std::string value, lookup(text.substr(2, end - 2), subject));
    expanded += value;
    text.remove_prefix(end + 1);
  }
  return expanded;
}

// A text of <localization>: of the first language that has it, then of en-US, then of any.
std::optional<std::string> find_string(const MacroScope& scope, std::string_view id) {
  std::vector<std::string> languages = scope.languages;
  languages.emplace_back("en-US");
  for (const auto& [culture, texts] : scope.manifest.strings) languages.push_back(culture);
  for (const std::string& language : languages) {
    for (const auto& [culture, texts] : scope.manifest.strings) {
      const auto found = texts.find(std::string(id));
      if (ascii_iequals(culture, language) && found != texts.end()) return found->second;
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_dependency(const MacroScope& scope, std::string_view macro) {
  if (!starts_with(macro, kDependencyPrefix)) return std::nullopt;
  const std::string_view rest = macro.substr(kDependencyPrefix.size());
  for (const ComponentDependency& dependency : scope.manifest.dependencies) {
    if (!dependency.name.empty() && ascii_iequals(rest, dependency.name + std::string(kDependencySuffix))) {
      return "C:\\Windows\\WinSxS\\" + key_form(dependency.identity);
    }
  }
  return std::nullopt;
}

Result<std::string> text_macro(std::string_view macro, const std::string& subject, const MacroScope& scope) {
  if (ascii_iequals(macro, kEmpty)) return std::string();
  if (ascii_iequals(macro, kLiteral)) return "$(" + std::string(macro) + ")";
  if (const auto folder = find_folder(macro, scope.view)) {
    return folder->empty() ? std::string("C:") : "C:\\" + std::string(*folder);
  }
  for (const std::string_view prefix : kStringPrefixes) {
    if (!starts_with(macro, prefix)) continue;
    if (auto text = find_string(scope, macro.substr(prefix.size()))) return std::move(*text);
    return fail(subject + ": <localization> has no string \"" + std::string(macro.substr(prefix.size())) + "\"");
  }
  if (auto folder = find_dependency(scope, macro)) return std::move(*folder);
  return unknown_macro(subject, macro, false);
}

}  // namespace

SystemView system_view(std::string_view architecture, std::string_view image_architecture) {
  const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view n) { return ascii_iequals(n, architecture); });
  };
  if (ascii_iequals(architecture, image_architecture)) return SystemView::native;
  if (is_one_of({"x86", "wow64", "arm64.x86"})) return SystemView::x86;
  return is_one_of({"arm", "arm64.arm"}) ? SystemView::arm : SystemView::native;
}

Result<WindowsPath> expand_destination(std::string_view destination, std::string_view architecture) {
  const SystemView view = system_view(architecture, "");
  const std::string subject = "cannot expand destination \"" + std::string(destination) + "\"";
  const Lookup lookup = [&](std::string_view macro, const std::string& place) -> Result<std::string> {
    if (const auto folder = find_folder(macro, view)) return std::string(*folder);
    return unknown_macro(place, macro, false);
  };
  WINNOW_TRY(const std::string path, expand(destination, subject, lookup));
  return WindowsPath::parse(path);
}

Result<std::string> expand_text(std::string_view text, const MacroScope& scope) {
  const std::string subject = "cannot expand \"" + std::string(text) + "\"";
  return expand(text, subject,
                [&](std::string_view macro, const std::string& place) { return text_macro(macro, place, scope); });
}

Result<std::string> expand_key_name(std::string_view path, const MacroScope& scope) {
  const std::string subject = "cannot expand \"" + std::string(path) + "\"";
  return expand(path, subject, [&](std::string_view macro, const std::string& place) -> Result<std::string> {
    for (const auto& [name, key] : kKeys) {
      if (ascii_iequals(name, macro)) return std::string(key);
    }
    if (starts_with(macro, "hk")) return unknown_macro(place, macro, true);
    return text_macro(macro, place, scope);
  });
}

}  // namespace winnow
