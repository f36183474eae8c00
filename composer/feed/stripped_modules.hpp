// Modules without their debug sections, and the modules winnow compiles itself: what mingw's tools make.
#pragma once

#include <filesystem>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "payload/content.hpp"

namespace winnow {

// Programs, looked up in PATH unless they are paths.
struct MingwTools {
  std::string strip = "x86_64-w64-mingw32-strip";
  std::string compiler = "x86_64-w64-mingw32-gcc";
};

// `module` without debug sections and symbols. `name` is used for files in `scratch` and in messages; `scratch` must be
// writable, and holds nothing of the module afterwards.
[[nodiscard]] Result<Bytes> strip_module(const Content& module, const std::string& name,
                                         const std::filesystem::path& scratch, const MingwTools& tools);

// Compiles `folder`/<stem>.c with the exports of `folder`/<stem>.def into <stem>.dll, which imports ntdll.dll only. The
// same sources give the same bytes.
[[nodiscard]] Result<Bytes> compile_module(const std::filesystem::path& folder, const std::string& stem,
                                           const std::filesystem::path& scratch, const MingwTools& tools);

}  // namespace winnow
