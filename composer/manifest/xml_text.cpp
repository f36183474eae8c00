#include "manifest/xml_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/utf16.hpp"

namespace winnow {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kCannotParse = "cannot parse XML: ";
constexpr std::array<std::string_view, 5> kEntities = {"amp", "lt", "gt", "quot", "apos"};

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

bool is_xml_unit(char16_t unit) {
  return unit >= 0x20 ? unit != 0xFFFE && unit != 0xFFFF : unit == u'\t' || unit == u'\n' || unit == u'\r';
}

// What stands between '&' and ';': a name XML defines, or the number of a character it can carry.
bool is_reference(std::string_view body) {
  if (body.empty()) return false;
  if (body[0] != '#') return std::find(kEntities.begin(), kEntities.end(), body) != kEntities.end();
  body.remove_prefix(1);
  const int base = !body.empty() && body[0] == 'x' ? 16 : 10;
  if (base == 16) body.remove_prefix(1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), number, base);
  return error == std::errc{} && end == body.data() + body.size() && is_xml_character(number);
}

// One pass over the markup. Every member returns false once `fault_` is set.
class MarkupScan {
 public:
  MarkupScan(std::string_view text, const std::string& file, const LineMap& lines)
      : text_(text), file_(file), lines_(lines), position_(skip_byte_order_mark(text)) {}

  Result<void> run() {
    while (!fault_ && position_ < text_.size()) scan_next();
    if (!fault_ && !open_.empty()) {
      refuse(open_.back().offset, "the element <" + std::string(open_.back().name) + "> is not closed");
    }
    if (fault_) return fail(std::move(*fault_));
    return {};
  }

 private:
  struct OpenElement {
    std::string_view name;
    std::size_t offset;
  };

  void refuse(std::size_t offset, const std::string& reason) {
    fault_ = Error(Fault{lines_.place(file_, offset), std::string(kCannotParse) + reason, {}});
  }

  bool at(std::string_view token) const { return text_.substr(position_, token.size()) == token; }

  void scan_next() {
    const std::size_t next = text_.find_first_of("<&", position_);
    position_ = std::min(next, text_.size());
    if (position_ == text_.size()) return;
    if (text_[position_] == '&') return scan_reference();
    if (at("<!--")) return skip_to("-->", 4, "the comment");
    if (at("<![CDATA[")) return skip_to("]]>", 9, "the CDATA section");
    if (at("<?")) return scan_instruction();
    if (at("<!")) return refuse(position_, "<!DOCTYPE and other declarations are not accepted");
    scan_tag();
  }

  void skip_to(std::string_view end, std::size_t prefix, const std::string& what) {
    const std::size_t found = text_.find(end, position_ + prefix);
    if (found == std::string_view::npos) return refuse(position_, what + " is not closed");
    position_ = found + end.size();
  }

  void scan_instruction() {
    const std::size_t start = position_;
    skip_to("?>", 2, "the processing instruction");
    if (fault_ || !text_.substr(start).starts_with("<?xml")) return;
    const std::string declaration = ascii_lower(text_.substr(start, position_ - start));
    const std::size_t encoding = declaration.find("encoding");
    if (encoding == std::string::npos) return;
    const std::size_t open = declaration.find_first_of("\"'", encoding);
    if (open == std::string::npos) return;
    const std::string name = declaration.substr(open + 1, declaration.find(declaration[open], open + 1) - open - 1);
    if (name == "utf-8" || name == "us-ascii") return;
    refuse(start, "it declares the encoding \"" + name + "\", only UTF-8 is accepted");
  }

  void scan_reference() {
    const std::size_t end = text_.find_first_of(";<&\"' \t\r\n", position_ + 1);
    const bool closed = end != std::string_view::npos && text_[end] == ';';
    if (!closed) return refuse(position_, "'&' begins no entity; write &amp;");
    const std::string_view body = text_.substr(position_ + 1, end - position_ - 1);
    if (!is_reference(body)) return refuse(position_, "the entity &" + std::string(body) + "; is not defined");
    position_ = end + 1;
  }

  void scan_tag() {
    const std::size_t start = position_;
    const bool closes = at("</");
    const std::size_t name_start = start + (closes ? 2 : 1);
    const std::size_t name_end = std::min(text_.find_first_of(" \t\r\n/><", name_start), text_.size());
    const std::string_view name = text_.substr(name_start, name_end - name_start);
    if (name.empty()) return refuse(start, "'<' begins no element; write &lt;");
    position_ = name_end;
    if (!skip_attributes(start, name)) return;
    const bool empty = text_[position_ - 1] == '/';
    ++position_;
    if (closes) return close(start, name);
    if (++elements_ > kMaxXmlElements) return refuse(start, "it has more than 2000000 elements");
    if (empty) return;
    open_.push_back({name, start});
    if (open_.size() > kMaxXmlDepth) refuse(start, "elements are nested more than 64 deep");
  }

  // Moves to the '>' that ends the tag.
  bool skip_attributes(std::size_t start, std::string_view name) {
    char quote = 0;
    while (!fault_ && position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '<') break;
      if (c == '&') {
        scan_reference();
        continue;
      }
      if (quote == 0 && c == '>') return true;
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      }
      ++position_;
    }
    if (!fault_) refuse(start, "the tag of <" + std::string(name) + "> is not closed");
    return false;
  }

  void close(std::size_t start, std::string_view name) {
    if (open_.empty()) return refuse(start, "</" + std::string(name) + "> closes nothing");
    if (open_.back().name != name) {
      return refuse(start, "<" + std::string(open_.back().name) + "> is closed by </" + std::string(name) + ">");
    }
    open_.pop_back();
  }

  std::string_view text_;
  const std::string& file_;
  const LineMap& lines_;
  std::size_t position_;
  std::uint32_t elements_ = 0;
  std::vector<OpenElement> open_;
  std::optional<Error> fault_;
};

// Line by line, so that a fault has a place although the conversion gives none.
Result<void> check_characters(std::string_view text, const std::string& file, const LineMap& lines) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
    const auto units = to_utf16(text.substr(start, end - start));
    Place place = lines.place(file, start);
    place.column = 0;
    if (!units) return fail(place, std::string(kCannotParse) + "it is not well-formed UTF-8");
    const auto bad = std::find_if_not(units->begin(), units->end(), is_xml_unit);
    if (bad != units->end()) {
      Bytes code;
      ByteWriter(code).be16(*bad);
      return fail(place, std::string(kCannotParse) + "it holds the character U+" + to_hex(code));
    }
    start = end;
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
  return MarkupScan(text, file, lines).run();
}

}  // namespace winnow
