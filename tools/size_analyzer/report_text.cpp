#include "size_analyzer/report_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/utf16.hpp"

namespace winnow {

namespace {

std::string escaped(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

// U+0080 to U+009F, and the marks that turn the direction of text, in UTF-8.
bool is_hidden(std::string_view rest) {
  if (rest.starts_with('\xC2') && rest.size() > 1) return static_cast<unsigned char>(rest[1]) < 0xA0;
  if (!rest.starts_with("\xE2\x80") && !rest.starts_with("\xE2\x81")) return false;
  if (rest.size() < 3) return false;
  const auto last = static_cast<unsigned char>(rest[2]);
  if (rest[1] == '\x81') return last >= 0xA6 && last <= 0xA9;               // U+2066 to U+2069
  return (last >= 0x8E && last <= 0x8F) || (last >= 0xA8 && last <= 0xAE);  // U+200E, U+200F, U+2028 to U+202E
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string without_controls(std::string_view name) {
  const bool is_utf8 = to_utf16(name).has_value();
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte < 0x20 || byte == 0x7F || (!is_utf8 && byte >= 0x80)) {
      text += escaped(byte);
    } else if (is_utf8 && is_hidden(name.substr(i))) {
      const std::size_t length = byte == 0xC2 ? 2 : 3;
      for (std::size_t k = 0; k < length; ++k) text += escaped(static_cast<unsigned char>(name[i + k]));
      i += length - 1;
    } else {
      text += name[i];
    }
  }
  return text;
}

}  // namespace

std::string percent_text(ByteCount before, std::int64_t change) {
  if (change == 0) return "";
  if (before == 0) return "new";
  std::array<char, 48> text{};
  const double percent = 100.0 * static_cast<double>(change) / static_cast<double>(before);
  std::snprintf(text.data(), text.size(), "%+.1f %%", percent);
  return text.data();
}

std::string plain_name(std::string_view name) {
  std::string text = without_controls(name);
  replace_all(text, "##vso[", "#\\#vso[");
  replace_all(text, "##[", "#\\#[");
  if (text.starts_with("::")) text.insert(1, "\\");
  return text;
}

std::string csv_field(std::string_view text) {
  std::string field(text);
  if (!field.empty() && std::string_view("=+-@\t\r").find(field[0]) != std::string_view::npos) field.insert(0, "'");
  return csv_quoted(std::move(field));
}

std::string csv_quoted(std::string text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  replace_all(text, "\"", "\"\"");
  return "\"" + text + "\"";
}

std::string print_json(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string markdown_code(std::string_view text) {
  std::string content = without_controls(text);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : content) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  replace_all(content, "|", "\\|");
  const std::string fence(longest + 1, '`');
  const bool is_padded = content.empty() || content.front() == '`' || content.back() == '`';
  return is_padded ? fence + " " + content + " " + fence : fence + content + fence;
}

}  // namespace winnow
