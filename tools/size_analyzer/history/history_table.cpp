#include "size_analyzer/history/history_table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "size_analyzer/report_text.hpp"

namespace winnow {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrow = 48;     // columns that shrink first all come down to this …
constexpr std::size_t kNarrowest = 12;  // … then to this
constexpr std::array<std::string_view, 8> kHeights = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

bool starts_letter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

// The first `count` code points.
std::string_view first_letters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && (count > 0 || !starts_letter(text[at]))) {
    if (starts_letter(text[at])) --count;
    ++at;
  }
  return text.substr(0, at);
}

std::string shorten(const std::string& text, std::size_t width, bool at_end) {
  const std::size_t letters = display_width(text);
  if (letters <= width) return text;
  if (at_end) return std::string(first_letters(text, width - 1)) + "…";
  return "…" + text.substr(first_letters(text, letters - width + 1).size());
}

std::vector<std::size_t> widths_of(const HistoryTable& table) {
  std::vector<std::size_t> widths;
  for (const HistoryColumn& column : table.columns) widths.push_back(display_width(column.title));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  return widths;
}

void fit(const HistoryTable& table, std::vector<std::size_t>& widths, std::size_t width) {
  std::size_t sum = kGap * (widths.size() - 1);
  for (const std::size_t each : widths) sum += each;
  for (const std::size_t narrowest : {kNarrow, kNarrowest}) {
    for (std::size_t i = 0; i < widths.size() && sum > width; ++i) {
      if (!table.columns[i].can_shrink || widths[i] <= narrowest) continue;
      const std::size_t less = std::min(sum - width, widths[i] - narrowest);
      widths[i] -= less;
      sum -= less;
    }
  }
}

std::string markdown_cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\|`*_<>[]~").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

}  // namespace

std::string print_text(const HistoryTable& table, std::size_t width) {
  std::vector<std::size_t> widths = widths_of(table);
  if (width != 0) fit(table, widths, width);
  std::string text;
  const auto add = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = shorten(cells[i], widths[i], table.columns[i].shrinks_at_end);
      const std::string space(widths[i] - display_width(cell), ' ');
      line += (i == 0 ? "" : std::string(kGap, ' ')) + (table.columns[i].is_number ? space + cell : cell + space);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  std::vector<std::string> titles;
  for (const HistoryColumn& column : table.columns) titles.push_back(column.title);
  add(titles);
  for (const auto& row : table.rows) add(row);
  return text;
}

std::string print_markdown(const HistoryTable& table) {
  std::string text = "|";
  for (const HistoryColumn& column : table.columns) text += " " + markdown_cell(column.title) + " |";
  text += "\n|";
  for (const HistoryColumn& column : table.columns) text += column.is_number ? "---:|" : "---|";
  text += "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (const std::string& cell : row) text += " " + markdown_cell(cell) + " |";
    text += "\n";
  }
  return text;
}

std::string print_csv(const HistoryTable& table) {
  std::string text;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    text += (i == 0 ? "" : ",") + csv_quoted(table.columns[i].title);
  }
  text += "\n";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + csv_quoted(row[i]);
    text += "\n";
  }
  return text;
}

std::string sparkline(const std::vector<std::uint64_t>& numbers, std::size_t width) {
  if (numbers.empty() || width == 0) return "";
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  const std::size_t count = std::min(width, numbers.size());
  std::string line;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t number = numbers[(i + 1) * numbers.size() / count - 1];
    const double share = *high == *low ? 0.5 : static_cast<double>(number - *low) / static_cast<double>(*high - *low);
    line += kHeights[static_cast<std::size_t>(share * 7)];
  }
  return line;
}

std::string bar(std::uint64_t number, std::uint64_t most, std::size_t width) {
  if (most == 0) return "";
  const double share = static_cast<double>(number) / static_cast<double>(most);
  const auto eighths = static_cast<std::size_t>(share * 8 * static_cast<double>(width) + 0.5);
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  return text + std::string(kEighths[eighths % 8]);
}

}  // namespace winnow
