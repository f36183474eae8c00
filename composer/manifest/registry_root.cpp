#include "manifest/registry_root.hpp"

#include <array>
#include <utility>

#include "base/utf16.hpp"

namespace winnow {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kRoots = {{
    {"HKCR", "HKEY_CLASSES_ROOT"},
    {"HKCU", "HKEY_CURRENT_USER"},
    {"HKLM", "HKEY_LOCAL_MACHINE"},
    {"HKU", "HKEY_USERS"},
}};

}  // namespace

std::string_view full_root_name(std::string_view root) {
  for (const auto& [brief, full] : kRoots) {
    if (ascii_iequals(root, brief) || ascii_iequals(root, full)) return full;
  }
  return {};
}

}  // namespace winnow
