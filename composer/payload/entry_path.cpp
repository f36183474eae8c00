#include "payload/entry_path.hpp"

#include <algorithm>

#include "base/utf16.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxEntryPath = 32'767;  // bytes; no longer path can exist on Windows (MAX_UNICODESTRING)
constexpr std::size_t kMaxQuotedName = 200;    // bytes of a name that a message shows

bool is_separator(char c) { return c == '/' || c == '\\'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_absolute(std::string_view path) {
  return (!path.empty() && is_separator(path[0])) || (path.size() >= 2 && path[1] == ':' && is_letter(path[0]));
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += "\\x";
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

}  // namespace

Result<std::string> parse_entry_path(std::string_view stored) {
  if (stored.size() > kMaxEntryPath) return fail("its path is longer than " + std::to_string(kMaxEntryPath) + " bytes");
  if (is_absolute(stored)) return fail("its path is absolute");
  if (std::any_of(stored.begin(), stored.end(), is_control)) return fail("its path holds a control character");
  if (!to_utf16(stored)) return fail("its path is not UTF-8");
  std::string path;
  while (!stored.empty()) {
    const auto end = std::find_if(stored.begin(), stored.end(), is_separator);
    const std::string_view component(stored.begin(), end);
    stored.remove_prefix(std::min(component.size() + 1, stored.size()));
    if (component.empty() || component == ".") continue;
    if (component == "..") return fail("its path has a \"..\" component");
    if (!path.empty()) path += '/';
    path += component;
  }
  return path;
}

std::string quote_entry_name(std::string_view stored) {
  const bool whole = stored.size() <= kMaxQuotedName;
  const std::string_view shown = stored.substr(0, kMaxQuotedName);
  const bool well_formed = whole && to_utf16(shown).has_value();
  std::string text = "\"";
  for (const char c : shown) {
    const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
    if (is_control(c) || (!is_ascii && !well_formed)) {
      append_escaped(text, c);
    } else {
      text += c;
    }
  }
  return text + (whole ? "\"" : "…\"");
}

}  // namespace winnow
