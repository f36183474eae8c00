// Where in the registry of a 64-bit image the keys of a component lie: 32-bit components see and write keys of their
// own for part of it (servicing.md 7; Microsoft's "Registry Keys Affected by WOW64").
#pragma once

#include <string>
#include <string_view>

#include "manifest/macros.hpp"

namespace winnow {

// `path` with its root in full: HKLM is HKEY_LOCAL_MACHINE, HKCR, HKCU and HKU likewise.
[[nodiscard]] std::string full_key_name(std::string_view path);

// The key that `path` (root in full) is to a component of `view`: HKEY_LOCAL_MACHINE\SOFTWARE\X of x86 is
// HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\X, of arm …\WowAA32Node\X; HKEY_CLASSES_ROOT\CLSID is
// HKEY_CLASSES_ROOT\WOW6432Node\CLSID; shared keys, all others and those that name such a node stay.
[[nodiscard]] std::string key_in_view(const std::string& path, SystemView view);

}  // namespace winnow
