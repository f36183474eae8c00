#include "image/disk/check/findings.hpp"

#include "base/utf16.hpp"

namespace winnow::check {

void Findings::add(std::string subject, std::string message) {
  if (count_++ < kMaxFindings) violations_.push_back({0, std::move(subject), std::move(message)});
}

std::vector<Violation> Findings::take() && {
  if (count_ > kMaxFindings) {
    violations_.push_back({0, "disk", std::to_string(count_ - kMaxFindings) + " more faults are not listed"});
  }
  return std::move(violations_);
}

std::string differs(std::string_view what, std::uint64_t found, std::uint64_t expected) {
  return std::string(what) + " is " + std::to_string(found) + ", expected " + std::to_string(expected);
}

std::string differs_hex(std::string_view what, std::uint64_t found, std::uint64_t expected) {
  return std::string(what) + " is " + hex(found) + ", expected " + hex(expected);
}

std::string hex(std::uint64_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  do {
    text.insert(text.begin(), kDigits[number & 15]);
    number >>= 4;
  } while (number != 0);
  return "0x" + text;
}

std::string printable(std::u16string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool is_pair = name[i] >= 0xD800 && name[i] < 0xDC00 && i + 1 < name.size();
    const auto piece = to_utf8(name.substr(i, is_pair ? 2 : 1));
    if (piece && is_pair) ++i;
    text += piece ? printable(std::string_view(*piece)) : "?";
  }
  return text;
}

std::string printable(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return text;
}

}  // namespace winnow::check
