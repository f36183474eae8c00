// How reports spell numbers and names: signed digits, percentages that never divide by zero, columns, and names from an
// image (which are hostile) so that no terminal, spreadsheet, Markdown renderer or CI system takes them for commands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"

namespace winnow {

// "+1,234", "-5", "0"
[[nodiscard]] std::string signed_digits(std::int64_t number);
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

// Code points; what text takes on a terminal, but for wide letters.
[[nodiscard]] std::size_t display_width(std::string_view text);
// With blanks in front to `width` code points at least.
[[nodiscard]] std::string right_aligned(const std::string& text, std::size_t width);

// Indented JSON with a line end; text that is not UTF-8 gets U+FFFD instead.
[[nodiscard]] std::string print_json(const Json& json);

// A code span of GitHub's Markdown that is safe in a table cell: nothing in it is markup, a mention or a reference.
[[nodiscard]] std::string markdown_code(std::string_view text);

// Rows of cells under a header, columns two blanks apart: those whose header starts with '>' are right-aligned.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header);
  void add(std::vector<std::string> row);  // as many cells as the header has
  // Each line starts with `indent`; no blanks at line ends.
  [[nodiscard]] std::string text(std::string_view indent = "") const;
  // As a table of Markdown; cells are taken as they are.
  [[nodiscard]] std::string markdown() const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the first is the header, without '>'
  std::vector<bool> is_right_;
};

}  // namespace winnow
