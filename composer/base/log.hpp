// Diagnostic log on stderr (through spdlog): silent by default, `-v` shows info, `-vv` debug. Never part of any output.
#pragma once

#include <string_view>

namespace winnow {

enum class LogLevel { warning, info, debug };

void set_log_level(LogLevel level);
void log_warning(std::string_view message);
void log_info(std::string_view message);
void log_debug(std::string_view message);

}  // namespace winnow
