#include "solvers/debian_version.hpp"

#include <algorithm>

namespace winnow::testing {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Tilde before the end, the end before letters, letters before all others.
int rank(std::string_view text, std::size_t at) {
  if (at >= text.size() || is_digit(text[at])) return 0;
  const char c = text[at];
  if (c == '~') return -1;
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter ? c : c + 256;
}

std::string_view take_digits(std::string_view& text) {
  const std::size_t start = std::min(text.find_first_not_of('0'), text.size());
  std::size_t end = start;
  while (end < text.size() && is_digit(text[end])) ++end;
  const std::string_view digits = text.substr(start, end - start);
  text.remove_prefix(end);
  return digits;
}

int compare_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    std::size_t at = 0;
    for (; (at < a.size() && !is_digit(a[at])) || (at < b.size() && !is_digit(b[at])); ++at) {
      if (const int difference = rank(a, at) - rank(b, at); difference != 0) return difference;
    }
    a.remove_prefix(std::min(at, a.size()));
    b.remove_prefix(std::min(at, b.size()));
    const std::string_view x = take_digits(a), y = take_digits(b);
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (const int difference = x.compare(y); difference != 0) return difference;
  }
  return 0;
}

struct Parts {
  std::string_view epoch, upstream, revision;
};

Parts split(std::string_view version) {
  Parts parts;
  if (const std::size_t colon = version.find(':'); colon != std::string_view::npos) {
    parts.epoch = version.substr(0, colon);
    version.remove_prefix(colon + 1);
  }
  const std::size_t dash = version.rfind('-');
  parts.upstream = version.substr(0, dash);
  if (dash != std::string_view::npos) parts.revision = version.substr(dash + 1);
  return parts;
}

}  // namespace

int compare_debian_versions(std::string_view a, std::string_view b) {
  const Parts x = split(a), y = split(b);
  if (const int difference = compare_part(x.epoch, y.epoch); difference != 0) return difference;
  if (const int difference = compare_part(x.upstream, y.upstream); difference != 0) return difference;
  return compare_part(x.revision, y.revision);
}

}  // namespace winnow::testing
