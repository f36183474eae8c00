// Names of images, as the reference grammar of OCI distribution and Docker has them: [domain/]path[:tag].

#include <algorithm>
#include <string>
#include <string_view>

#include "image/container/oci_documents.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxTag = 128;
constexpr std::size_t kMaxName = 255;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Where ":tag" begins; the ':' of a registry's port comes before a '/'.
std::size_t tag_start(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  if (colon == std::string_view::npos || name.find('/', colon) != std::string_view::npos) return name.size();
  return colon;
}

bool is_domain(std::string_view first) {
  return first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
}

// Lower-case letters and digits, with single '.', one or two '_', any number of '-' between them.
bool is_path_component(std::string_view text) {
  if (text.empty() || !is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back())) return false;
  for (std::size_t i = 0; i < text.size();) {
    if (is_lower_or_digit(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (!is_lower_or_digit(text[end])) ++end;  // the last character is a letter or digit
    const std::string_view separator = text.substr(i, end - i);
    const bool is_dashes = separator.find_first_not_of('-') == std::string_view::npos;
    if (!is_dashes && separator != "." && separator != "_" && separator != "__") return false;
    i = end;
  }
  return true;
}

bool is_tag(std::string_view tag) {
  constexpr std::string_view kFirst = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  if (tag.empty() || tag.size() > kMaxTag || kFirst.find(tag.front()) == std::string_view::npos) return false;
  return std::all_of(tag.begin(), tag.end(),
                     [&](char c) { return c == '.' || c == '-' || kFirst.find(c) != std::string_view::npos; });
}

}  // namespace

Result<void> check_image_name(const std::string& tag) {
  const auto refuse = [&](const std::string& reason) { return fail("cannot name image \"" + tag + "\": " + reason); };
  const std::size_t colon = tag_start(tag);
  std::string_view path = std::string_view(tag).substr(0, colon);
  if (path.size() > kMaxName) return refuse("it is longer than 255 characters");
  if (colon != tag.size() && !is_tag(std::string_view(tag).substr(colon + 1))) {
    return refuse("a tag is at most 128 letters, digits, '_', '.' and '-', and begins with none of the last two");
  }
  const std::size_t slash = path.find('/');
  if (slash != std::string_view::npos && is_domain(path.substr(0, slash))) path.remove_prefix(slash + 1);
  for (;;) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (!is_path_component(path.substr(0, end))) {
      return refuse("a name is lower-case letters and digits, with '.', '_' or '-' between them");
    }
    if (end == path.size()) return {};
    path.remove_prefix(end + 1);
  }
}

std::string full_image_name(const std::string& tag) {
  const std::string name = tag_start(tag) == tag.size() ? tag + ":latest" : tag;
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return "docker.io/library/" + name;
  return is_domain(std::string_view(name).substr(0, slash)) ? name : "docker.io/" + name;
}

}  // namespace winnow
