// Numbers and columns in plain text: digits in groups of three, and rows of cells under a header.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

// "1,234,567"
[[nodiscard]] std::string grouped_digits(std::uint64_t number);
// "1 component", "1,234 components", "0 components"
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);
// "+1,234", "-5", "0"
[[nodiscard]] std::string signed_digits(std::int64_t number);
// Code points; what text takes on a terminal, but for wide letters.
[[nodiscard]] std::size_t display_width(std::string_view text);
// With blanks in front to `width` code points at least.
[[nodiscard]] std::string right_aligned(const std::string& text, std::size_t width);

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
