// Names of container images.
#include <algorithm>

#include "base/utf16.hpp"
#include "manifest/app_manifest_values.hpp"

namespace winnow {
namespace {

constexpr std::size_t kMaxImageName = 255;
constexpr std::size_t kMaxTag = 128;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_tag_character(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
}

// What may stand between two alphanumeric runs of a path component: '.', '_', '__' or any number of '-'.
bool is_separator(std::string_view text) {
  return text == "." || text == "_" || text == "__" || text.find_first_not_of('-') == std::string_view::npos;
}

bool is_path_component(std::string_view text) {
  if (text.empty() || !is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back())) return false;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && !is_lower_or_digit(text[end])) ++end;
    if (end > i && !is_separator(text.substr(i, end - i))) return false;
    i = end + 1;
  }
  return true;
}

// "localhost", "registry.example.org", "127.0.0.1:5000".
bool is_host(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string name = ascii_lower(text.substr(0, colon));
  const std::string_view port = text.substr(std::min(colon + 1, text.size()));
  const bool looks_like_host = name == "localhost" || name.find('.') != std::string::npos || colon < text.size();
  return looks_like_host && is_path_component(name) && name.find('_') == std::string::npos &&
         (colon == text.size() || !port.empty()) && port.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool is_image_tag(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view tag = text.substr(colon + 1);
  std::string_view name = text.substr(0, colon);
  if (tag.empty() || tag.size() > kMaxTag || tag[0] == '.' || tag[0] == '-') return false;
  if (!std::all_of(tag.begin(), tag.end(), is_tag_character) || name.size() > kMaxImageName) return false;
  for (bool first = true;; first = false) {
    const std::size_t slash = name.find('/');
    const std::string_view component = name.substr(0, slash);
    const bool is_domain = first && slash != std::string_view::npos && is_host(component);
    if (!is_domain && !is_path_component(component)) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

std::string default_image_tag(std::string_view name, std::string_view version) {
  std::string text;
  for (const char c : ascii_lower(name)) {
    if (is_lower_or_digit(c)) {
      text += c;
    } else if (!text.empty() && text.back() != '-') {
      text += '-';
    }
  }
  while (!text.empty() && text.back() == '-') text.pop_back();
  text += ':';
  for (const char c : version.substr(0, kMaxTag)) text += is_tag_character(c) ? c : '-';
  return text;
}

}  // namespace winnow
