// Runs a tool of the machine (a compiler, strip) without a shell and waits for it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace winnow {

// `command[0]` is looked up in PATH. Standard input is empty. The tool sees PATH, LC_ALL=C and TMPDIR=`scratch` and
// nothing else of our environment, so that its output does not depend on it. Error "cannot run <command[0]>: <first
// line it printed, or its exit status>".
[[nodiscard]] Result<void> run_tool(const std::vector<std::string>& command, const std::filesystem::path& scratch);

}  // namespace winnow
