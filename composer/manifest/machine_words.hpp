// Which texts are names, keys and commands of a machine's settings.
#pragma once

#include <string>
#include <string_view>

namespace winnow {

// Letters, digits and '_' behind a letter or '_'.
[[nodiscard]] bool is_variable_name(std::string_view text);
// Printable ASCII, at least one character and at most 255.
[[nodiscard]] bool is_plain_text(std::string_view text);
// Four words of 0-9 and a-z with dots between (bcdedit /dbgsettings).
[[nodiscard]] bool is_debug_key(std::string_view text);
// "1.5.0"
[[nodiscard]] bool is_bus_parameters(std::string_view text);
// Why netsh, in a command file, cannot be told this name; "" when it can.
[[nodiscard]] std::string reason_against_interface(std::string_view text);
// Why this cannot be a line of a command file; "" when it can.
[[nodiscard]] std::string reason_against_command(std::string_view text);

}  // namespace winnow
