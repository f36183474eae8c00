// A table of text: for a terminal (fitted to its width), as Markdown and as CSV.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

struct HistoryColumn {
  std::string title;
  bool is_number = false;       // stands at the right
  bool can_shrink = false;      // loses text where the table is too wide: the start of it, or the end …
  bool shrinks_at_end = false;  // … when this is set
};

struct HistoryTable {
  std::vector<HistoryColumn> columns;
  std::vector<std::vector<std::string>> rows;  // a cell for each column
};

// Columns two spaces apart; columns that can shrink give way until the table fits `width` (0 = any).
[[nodiscard]] std::string print_text(const HistoryTable& table, std::size_t width);
[[nodiscard]] std::string print_markdown(const HistoryTable& table);
[[nodiscard]] std::string print_csv(const HistoryTable& table);

// Blocks of eight heights, one for each number, at most `width`: numbers that are too many are thinned out evenly, the
// last is always there. The lowest has the lowest block; equal numbers all have the middle one.
[[nodiscard]] std::string sparkline(const std::vector<std::uint64_t>& numbers, std::size_t width);
// A bar of `width` columns at most, in eighths, for `number` of `most`.
[[nodiscard]] std::string bar(std::uint64_t number, std::uint64_t most, std::size_t width);

}  // namespace winnow
