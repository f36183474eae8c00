#include "plan/registry_view.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/registry_root.hpp"

namespace winnow {

namespace {

constexpr std::string_view kSoftware = "HKEY_LOCAL_MACHINE\\SOFTWARE";
// Where classes lie: all of them are shared but for the redirected ones.
constexpr std::array<std::string_view, 3> kClasses = {"HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes", "HKEY_CLASSES_ROOT",
                                                      "HKEY_CURRENT_USER\\Software\\Classes"};
constexpr std::array<std::string_view, 5> kRedirectedClasses = {"CLSID", "DirectShow", "Interface", "Media Type",
                                                                "MediaFoundation"};
// Below SOFTWARE: both views are one.
constexpr std::array<std::string_view, 48> kShared = {{
    "Clients",
    "Microsoft\\COM3",
    "Microsoft\\Cryptography\\Calais\\Current",
    "Microsoft\\Cryptography\\Calais\\Readers",
    "Microsoft\\Cryptography\\Services",
    "Microsoft\\CTF\\SystemShared",
    "Microsoft\\CTF\\TIP",
    "Microsoft\\DFS",
    "Microsoft\\Driver Signing",
    "Microsoft\\EnterpriseCertificates",
    "Microsoft\\EventSystem",
    "Microsoft\\MSMQ",
    "Microsoft\\Non-Driver Signing",
    "Microsoft\\Notepad\\DefaultFonts",
    "Microsoft\\OLE",
    "Microsoft\\RAS",
    "Microsoft\\RPC",
    "Microsoft\\Shared Tools\\MSInfo",
    "Microsoft\\SystemCertificates",
    "Microsoft\\TermServLicensing",
    "Microsoft\\TransactionServer",
    "Microsoft\\Windows\\CurrentVersion\\App Paths",
    "Microsoft\\Windows\\CurrentVersion\\Control Panel\\Cursors\\Schemes",
    "Microsoft\\Windows\\CurrentVersion\\Explorer\\AutoplayHandlers",
    "Microsoft\\Windows\\CurrentVersion\\Explorer\\DriveIcons",
    "Microsoft\\Windows\\CurrentVersion\\Explorer\\KindMap",
    "Microsoft\\Windows\\CurrentVersion\\Group Policy",
    "Microsoft\\Windows\\CurrentVersion\\Policies",
    "Microsoft\\Windows\\CurrentVersion\\PreviewHandlers",
    "Microsoft\\Windows\\CurrentVersion\\Setup",
    "Microsoft\\Windows\\CurrentVersion\\Telephony\\Locations",
    "Microsoft\\Windows NT\\CurrentVersion\\Console",
    "Microsoft\\Windows NT\\CurrentVersion\\FontDpi",
    "Microsoft\\Windows NT\\CurrentVersion\\FontLink",
    "Microsoft\\Windows NT\\CurrentVersion\\FontMapper",
    "Microsoft\\Windows NT\\CurrentVersion\\Fonts",
    "Microsoft\\Windows NT\\CurrentVersion\\FontSubstitutes",
    "Microsoft\\Windows NT\\CurrentVersion\\Gre_Initialize",
    "Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options",
    "Microsoft\\Windows NT\\CurrentVersion\\Language Pack",
    "Microsoft\\Windows NT\\CurrentVersion\\NetworkCards",
    "Microsoft\\Windows NT\\CurrentVersion\\Perflib",
    "Microsoft\\Windows NT\\CurrentVersion\\Ports",
    "Microsoft\\Windows NT\\CurrentVersion\\Print",
    "Microsoft\\Windows NT\\CurrentVersion\\ProfileList",
    "Microsoft\\Windows NT\\CurrentVersion\\Time Zones",
    "Policies",
    "RegisteredApplications",
}};

// Is `path` the key `prefix` or one below it? Compared without case.
bool lies_in(std::string_view path, std::string_view prefix) {
  if (path.size() < prefix.size() || !ascii_iequals(path.substr(0, prefix.size()), prefix)) return false;
  return path.size() == prefix.size() || path[prefix.size()] == '\\';
}

// What `path` has behind `prefix`, without the '\' between them.
std::string_view behind(std::string_view path, std::string_view prefix) {
  return path.substr(std::min(prefix.size() + 1, path.size()));
}

std::string join(std::string_view folder, std::string_view node, std::string_view rest) {
  return std::string(folder) + "\\" + std::string(node) + (rest.empty() ? "" : "\\") + std::string(rest);
}

bool is_any(const auto& prefixes, std::string_view path) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) { return lies_in(path, prefix); });
}

}  // namespace

std::string full_key_name(std::string_view path) {
  const std::string_view root = path.substr(0, path.find('\\'));
  const std::string_view full = full_root_name(root);
  // A root that is written out stays as it is spelled.
  if (full.empty() || full.size() == root.size()) return std::string(path);
  return std::string(full) + std::string(path.substr(root.size()));
}

std::string key_in_view(const std::string& path, SystemView view) {
  if (view == SystemView::native) return path;
  const std::string_view node = view == SystemView::x86 ? "WOW6432Node" : "WowAA32Node";
  for (const std::string_view classes : kClasses) {
    if (!lies_in(path, classes)) continue;
    const std::string_view rest = behind(path, classes);
    return is_any(kRedirectedClasses, rest) ? join(path.substr(0, classes.size()), node, rest) : path;
  }
  if (!lies_in(path, kSoftware)) return path;
  const std::string_view rest = behind(path, kSoftware);
  if (lies_in(rest, node) || is_any(kShared, rest)) return path;
  return join(path.substr(0, kSoftware.size()), node, rest);
}

}  // namespace winnow
