// Diagnostic log (through spdlog): on stderr, silent until show_log(), which `-v` calls; in a file when one is named.
// Never part of any output.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace winnow {

void show_log();
// From here on everything goes into this file as well, which begins empty. Error "cannot write log <file>: <reason>".
[[nodiscard]] Result<void> log_to_file(const std::filesystem::path& file);
void close_log_file();
void log_info(std::string_view message);

}  // namespace winnow
