#include "manifest/xml_text.hpp"

#include <algorithm>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/xml_markup.hpp"

namespace winnow {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kCannotParse = "cannot parse XML: ";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

bool is_xml_unit(char16_t unit) {
  return unit >= 0x20 ? unit != 0xFFFE && unit != 0xFFFF : unit == u'\t' || unit == u'\n' || unit == u'\r';
}

// The characters most manifests are made of; they need no conversion to be checked.
bool is_plain(char c) { return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\n' || c == '\r'; }

// Line by line, so that a fault has a place although the conversion gives none.
Result<void> check_characters(std::string_view text, const std::string& file, const LineMap& lines) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
    const std::string_view line = text.substr(start, end - start);
    start = end;
    if (std::all_of(line.begin(), line.end(), is_plain)) continue;
    const auto units = to_utf16(line);
    Place place = lines.place(file, end - line.size());
    place.column = 0;
    if (!units) return fail(place, std::string(kCannotParse) + "it is not well-formed UTF-8");
    const auto bad = std::find_if_not(units->begin(), units->end(), is_xml_unit);
    if (bad != units->end()) {
      Bytes code;
      ByteWriter(code).be16(*bad);
      return fail(place, std::string(kCannotParse) + "it holds the character U+" + to_hex(code));
    }
  }
  return {};
}

}  // namespace

bool is_xml_character(char32_t character) {
  if (character > 0xFFFF) return character <= 0x10FFFF;
  if (character >= 0xD800 && character <= 0xDFFF) return false;
  return is_xml_unit(static_cast<char16_t>(character));
}

bool is_xml_text(std::string_view text) {
  const auto units = to_utf16(text);
  return units && std::all_of(units->begin(), units->end(), is_xml_unit);
}

std::size_t skip_byte_order_mark(std::string_view text) {
  return text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
}

LineMap::LineMap(std::string text) : text_(std::move(text)) {
  line_starts_.push_back(skip_byte_order_mark(text_));
  for (std::size_t i = text_.find('\n'); i != std::string::npos; i = text_.find('\n', i + 1)) {
    line_starts_.push_back(i + 1);
  }
}

Place LineMap::place(const std::string& file, std::size_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::size_t>(after - line_starts_.begin());
  if (line == 0) return {file, 1, 1};
  const std::string_view before =
      std::string_view(text_).substr(line_starts_[line - 1], offset - line_starts_[line - 1]);
  const auto characters =
      before.size() - static_cast<std::size_t>(std::count_if(before.begin(), before.end(), is_continuation));
  return {file, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(characters + 1)};
}

Result<void> check_xml_text(std::string_view text, const std::string& file, const LineMap& lines) {
  const Place whole{file, 0, 0};
  if (text.size() > kMaxManifestBytes) return fail(whole, std::string(kCannotParse) + "it is larger than 64 MiB");
  const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
                     text.starts_with(std::string_view("<\0", 2)) || text.starts_with(std::string_view("\0<", 2));
  if (utf16) return fail(whole, std::string(kCannotParse) + "it is UTF-16, only UTF-8 is accepted");
  if (text.find_first_not_of(kBlanks, skip_byte_order_mark(text)) == std::string_view::npos) {
    return fail(whole, std::string(kCannotParse) + "it is empty");
  }
  WINNOW_CHECK(check_characters(text, file, lines));
  return check_xml_markup(text, file, lines);
}

}  // namespace winnow
