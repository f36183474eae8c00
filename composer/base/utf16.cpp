#include "base/utf16.hpp"

#include <locale.h>
#include <wctype.h>

#include <array>
#include <memory>

namespace winnow {

namespace {

using UpcaseTable = std::array<char16_t, 0x10000>;

std::unique_ptr<UpcaseTable> make_upcase_table() {
  auto table = std::make_unique<UpcaseTable>();
  const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  for (std::uint32_t unit = 0; unit < table->size(); ++unit) {
    wint_t upper = unit;
    if (locale != nullptr) {
      upper = towupper_l(unit, locale);
    } else if (unit >= 'a' && unit <= 'z') {
      upper = unit - 32;
    }
    (*table)[unit] = static_cast<char16_t>(upper < 0x10000 ? upper : unit);
  }
  if (locale != nullptr) freelocale(locale);
  return table;
}

// The code point that starts at `i`, which moves behind it; nothing when ill-formed.
std::optional<char32_t> next_code_point(std::string_view text, std::size_t& i) {
  const auto lead = static_cast<std::uint8_t>(text[i++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  if (more == 0 || lead > 0xF4) return std::nullopt;
  char32_t code = lead & (0x3Fu >> more);
  for (int k = 0; k < more; ++k) {
    if (i >= text.size() || (static_cast<std::uint8_t>(text[i]) & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (static_cast<std::uint8_t>(text[i++]) & 0x3F);
  }
  const char32_t smallest = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest || code > 0x10FFFF || is_surrogate) return std::nullopt;
  return code;
}

void append_utf8(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr std::array<unsigned, 4> kLead = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[static_cast<std::size_t>(more)] | code >> (6 * more));
  for (int k = more - 1; k >= 0; --k) out += static_cast<char>(0x80 | (code >> (6 * k) & 0x3F));
}

}  // namespace

std::optional<std::u16string> to_utf16(std::string_view text) {
  std::u16string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto code = next_code_point(text, i);
    if (!code) return std::nullopt;
    if (*code < 0x10000) {
      out += static_cast<char16_t>(*code);
    } else {
      out += static_cast<char16_t>(0xD800 + ((*code - 0x10000) >> 10));
      out += static_cast<char16_t>(0xDC00 + ((*code - 0x10000) & 0x3FF));
    }
  }
  return out;
}

std::optional<std::string> to_utf8(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t code = text[i];
    if (code >= 0xDC00 && code <= 0xDFFF) return std::nullopt;
    if (code >= 0xD800 && code <= 0xDBFF) {
      if (i + 1 >= text.size() || text[i + 1] < 0xDC00 || text[i + 1] > 0xDFFF) return std::nullopt;
      code = 0x10000 + ((code - 0xD800) << 10) + (text[++i] - 0xDC00u);
    }
    append_utf8(out, code);
  }
  return out;
}

std::optional<Bytes> to_utf16le(std::string_view text, bool terminated) {
  const auto units = to_utf16(text);
  if (!units) return std::nullopt;
  Bytes bytes;
  bytes.reserve(units->size() * 2 + 2);
  ByteWriter out(bytes);
  for (const char16_t unit : *units) out.le16(unit);
  if (terminated) out.le16(0);
  return bytes;
}

std::optional<std::string> from_utf16le(ByteView bytes) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  std::u16string units;
  units.reserve(bytes.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    units += static_cast<char16_t>(bytes[i] | bytes[i + 1] << 8);
  }
  return to_utf8(units);
}

char16_t upcase(char16_t unit) {
  static const std::unique_ptr<UpcaseTable> table = make_upcase_table();
  return (*table)[unit];
}

std::u16string upcase(std::u16string_view text) {
  std::u16string out(text);
  for (char16_t& unit : out) unit = upcase(unit);
  return out;
}

std::u16string case_key(std::string_view text) {
  if (auto units = to_utf16(text)) return upcase(*units);
  std::u16string out;
  for (const char c : text) out += upcase(static_cast<char16_t>(static_cast<std::uint8_t>(c)));
  return out;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

bool ascii_iequals(std::string_view a, std::string_view b) { return ascii_lower(a) == ascii_lower(b); }

}  // namespace winnow
