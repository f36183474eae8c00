// Names of the registry's roots, short and in full.
#pragma once

#include <string_view>

namespace winnow {

// "HKCR" -> "HKEY_CLASSES_ROOT"; "" when it is no root (HKCR HKCU HKLM HKU, or one written out). Any case.
[[nodiscard]] std::string_view full_root_name(std::string_view root);

}  // namespace winnow
