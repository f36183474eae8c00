// $(…) macros of destination paths (servicing.md 4.10).
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/windows_path.hpp"

namespace winnow {

// The folder of the image that `destination` ("$(runtime.system32)\drivers") names for a component of `architecture`:
// system32, wbem, programFiles and commonFiles of x86 and wow64 components are the 32-bit ones. A path without macro
// is taken from the root. Errors: "cannot expand destination …" for an unknown macro, "cannot use path …".
[[nodiscard]] Result<WindowsPath> expand_destination(std::string_view destination, std::string_view architecture);

}  // namespace winnow
