// How reports spell percentages, which never divide by zero, and names from an image (which are hostile), so that no
// terminal, spreadsheet, Markdown renderer or CI system takes them for commands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/text_table.hpp"

namespace winnow {

// "+23.2 %", "-100.0 %"; "" when nothing changed, "new" when there was nothing before.
[[nodiscard]] std::string percent_text(ByteCount before, std::int64_t change);

// For terminals and logs: control characters and text that is not UTF-8 as \x1b, and "##vso[", "##[" and "::" at the
// start of a name broken by a backslash, so that a log holds no command of a CI system. One line.
[[nodiscard]] std::string plain_name(std::string_view name);

// One field of CSV (RFC 4180): in quotes when it must be. Text that a spreadsheet would take for a formula (it starts
// with = + - @ or a tab) gets an apostrophe in front; numbers are not passed through here.
[[nodiscard]] std::string csv_field(std::string_view text);

// The quoting alone, for numbers and text of our own.
[[nodiscard]] std::string csv_quoted(std::string text);

// Indented JSON with a line end; text that is not UTF-8 gets U+FFFD instead.
[[nodiscard]] std::string print_json(const Json& json);

// A code span of GitHub's Markdown that is safe in a table cell: nothing in it is markup, a mention or a reference.
[[nodiscard]] std::string markdown_code(std::string_view text);

}  // namespace winnow
