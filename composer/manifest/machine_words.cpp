#include "manifest/machine_words.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::size_t kMaxPlainText = 255;
constexpr std::size_t kMaxCommand = 8000;  // cmd.exe takes 8,191 characters a line

bool is_printable(char c) { return c >= ' ' && c <= '~'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

// Is `text` `count` words with dots between, each of characters that `is_good`?
bool is_dotted(std::string_view text, std::size_t count, std::size_t max_word, bool (*is_good)(char)) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t end = std::min(text.find('.'), text.size());
    const std::string_view word = text.substr(0, end);
    if (word.empty() || word.size() > max_word || !std::all_of(word.begin(), word.end(), is_good)) return false;
    if ((end == text.size()) != (i + 1 == count)) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return text.empty();
}

}  // namespace

bool is_variable_name(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool is_plain_text(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPlainText && std::all_of(text.begin(), text.end(), is_printable);
}

bool is_debug_key(std::string_view text) {
  constexpr std::size_t kMaxWord = 13;  // of base 36: 64 bits
  return is_dotted(text, 4, kMaxWord, [](char c) { return is_digit(c) || is_lower(c); });
}

bool is_bus_parameters(std::string_view text) { return is_dotted(text, 3, 3, is_digit); }

std::string reason_against_interface(std::string_view text) {
  if (!is_plain_text(text)) return "it is no plain text of at most 255 characters";
  if (text.find_first_of("\"%") != std::string_view::npos) return "it holds '\"' or '%', which a command file changes";
  return {};
}

std::string reason_against_command(std::string_view text) {
  if (text.find_first_not_of(' ') == std::string_view::npos) return "it is empty";
  if (text.size() > kMaxCommand) return "it is longer than 8000 characters";
  if (text.find_first_of("\r\n") != std::string_view::npos) return "it is more than one line";
  if (!std::all_of(text.begin(), text.end(), [](char c) { return is_printable(c) || c == '\t'; })) {
    return "it holds a character that is not ASCII, which cmd.exe reads in the machine's own code page";
  }
  return {};
}

}  // namespace winnow
