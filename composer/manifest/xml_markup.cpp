#include "manifest/xml_markup.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/utf16.hpp"

namespace winnow {
namespace {

constexpr std::string_view kCannotParse = "cannot parse XML: ";
constexpr std::array<std::string_view, 5> kEntities = {"amp", "lt", "gt", "quot", "apos"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool ends_name(char c) {
  return is_blank(c) || c == '/' || c == '>' || c == '<' || c == '=' || c == '"' || c == '\'' || c == '&';
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
    if (!fault_ && elements_ == 0)
      fault_ = Error(Fault{{file_, 0, 0}, std::string(kCannotParse) + "it has no element", {}});
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
    if (open_.empty()) {
      skip_blanks();
      const bool is_text = position_ < text_.size() && text_[position_] != '<';
      if (is_text) return refuse(position_, "text stands outside the root element");
    }
    position_ = std::min(text_.find_first_of("<&", position_), text_.size());
    if (position_ == text_.size()) return;
    if (text_[position_] == '&') return scan_reference();
    if (at("<!--")) return scan_comment();
    if (at("<![CDATA[") && !open_.empty()) return skip_to("]]>", 9, "the CDATA section");
    if (at("<?")) return scan_instruction();
    if (at("<!")) return refuse(position_, "<!DOCTYPE and other declarations are not accepted");
    scan_tag();
  }

  void skip_to(std::string_view end, std::size_t prefix, const std::string& what) {
    const std::size_t found = text_.find(end, position_ + prefix);
    if (found == std::string_view::npos) return refuse(position_, what + " is not closed");
    position_ = found + end.size();
  }

  void scan_comment() {
    const std::size_t dashes = text_.find("--", position_ + 4);
    const bool inside = dashes != std::string_view::npos && text_.substr(dashes, 3) != "-->";
    if (inside) return refuse(dashes, "a comment holds \"--\"");
    skip_to("-->", 4, "the comment");
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
    position_ += closes ? 2 : 1;
    const std::string_view name = take_name();
    if (name.empty()) return refuse(start, "'<' begins no element; write &lt;");
    skip_attributes(start, name);
    if (fault_) return;
    const bool empty = text_[position_] == '/';
    position_ += empty ? 2 : 1;
    if (closes) return close(start, name);
    if (open_.empty() && elements_ > 0) return refuse(start, "it has more than one root element");
    if (++elements_ > kMaxXmlElements) return refuse(start, "it has more than 2000000 elements");
    if (empty) return;
    open_.push_back({name, start});
    if (open_.size() > kMaxXmlDepth) refuse(start, "elements are nested more than 64 deep");
  }

  std::string_view take_name() {
    const std::size_t start = position_;
    while (position_ < text_.size() && !ends_name(text_[position_])) ++position_;
    return text_.substr(start, position_ - start);
  }

  void skip_blanks() {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
  }

  // Moves to the '>' or "/>" that ends the tag.
  void skip_attributes(std::size_t start, std::string_view element) {
    std::set<std::string_view> names;
    for (;;) {
      skip_blanks();
      if (position_ >= text_.size() || text_[position_] == '<') {
        return refuse(start, "the tag of <" + std::string(element) + "> is not closed");
      }
      if (at(">") || at("/>")) return;
      const std::size_t attribute = position_;
      const std::string_view name = take_name();
      skip_value(start, attribute, name);
      if (fault_) return;
      if (!names.insert(name).second) {
        return refuse(attribute, "the attribute \"" + std::string(name) + "\" is given twice");
      }
      if (names.size() > kMaxXmlAttributes) return refuse(attribute, "an element has more than 256 attributes");
    }
  }

  // From the '=' of an attribute to behind the quote that ends its value.
  void skip_value(std::size_t tag, std::size_t attribute, std::string_view name) {
    skip_blanks();
    const bool assigned = !name.empty() && at("=");
    if (assigned) ++position_;
    skip_blanks();
    if (!assigned || !(at("\"") || at("'"))) return refuse(attribute, "an attribute is not written name=\"value\"");
    const char quote = text_[position_++];
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '<') return refuse(position_, "a value holds '<'; write &lt;");
      if (c == '&') {
        scan_reference();
        if (fault_) return;
        continue;
      }
      ++position_;
      if (c == quote) return;
    }
    refuse(tag, "a value is not closed by its quote");
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

}  // namespace

Result<void> check_xml_markup(std::string_view text, const std::string& file, const LineMap& lines) {
  return MarkupScan(text, file, lines).run();
}

}  // namespace winnow
