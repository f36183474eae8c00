#include "size_analyzer/exposure/file_names.hpp"

#include <algorithm>
#include <array>

#include "base/utf16.hpp"

namespace winnow {
namespace {

constexpr std::array<std::string_view, 12> kExtensions = {"acm", "ax",  "com", "cpl", "dll", "drv",
                                                          "efi", "exe", "ocx", "scr", "sys", "tsp"};
constexpr std::size_t kLongestName = 255;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_character(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '+'; }

std::string_view trim_dots(std::string_view word) {
  while (!word.empty() && word.back() == '.') word.remove_suffix(1);
  while (!word.empty() && word.front() == '.') word.remove_prefix(1);
  return word;
}

// A "com" is more often a site than a program: one with a second dot or a capital W is none.
bool is_file_name(std::string_view word) {
  const std::size_t dot = word.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || word.size() > kLongestName) return false;
  const std::string_view extension = word.substr(dot + 1);
  if (std::find(kExtensions.begin(), kExtensions.end(), extension) == kExtensions.end()) return false;
  return extension != "com" || (word.size() <= 12 && word != "microsoft.com" && word.find('.') == dot && dot <= 8 &&
                                word.find('-') == std::string_view::npos);
}

void sort_unique(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

std::vector<std::string> find_file_names(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_name_character(text[end])) ++end;
    const std::string_view word = trim_dots(text.substr(i, end - i));
    if (word.find('.') != std::string_view::npos && word.size() <= kLongestName) {
      std::string name = ascii_lower(word);
      if (is_file_name(name)) names.push_back(std::move(name));
    }
    i = end + 1;
  }
  sort_unique(names);
  return names;
}

std::vector<std::string> find_bulletin_ids(std::string_view text, std::string_view year) {
  std::vector<std::string> ids;
  if (year.size() != 4) return ids;
  const std::string start = "MS" + std::string(year.substr(2)) + "-";
  for (std::size_t i = text.find(start); i != std::string_view::npos; i = text.find(start, i + 1)) {
    const std::string_view id = text.substr(i, start.size() + 3);
    const bool numbered = id.size() == start.size() + 3 && std::all_of(id.begin() + 5, id.end(), is_digit);
    if (numbered && (i == 0 || !is_name_character(text[i - 1]))) ids.emplace_back(id);
  }
  sort_unique(ids);
  return ids;
}

}  // namespace winnow
