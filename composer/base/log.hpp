// Diagnostic log on stderr (through spdlog): silent until show_log(), which `-v` calls. Never part of any output.
#pragma once

#include <string_view>

namespace winnow {

void show_log();
void log_info(std::string_view message);

}  // namespace winnow
