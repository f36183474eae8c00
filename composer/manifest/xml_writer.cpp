#include "manifest/xml_writer.hpp"

#include <array>

#include "base/utf16.hpp"
#include "manifest/xml_text.hpp"

namespace winnow {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// `text` with every character XML cannot carry replaced.
std::string carried(std::string_view text) {
  if (is_xml_text(text)) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0) == 0x80) ++length;
    const std::string_view character = text.substr(i, length);
    out += is_xml_text(character) ? character : kReplacement;
    i += length;
  }
  return out;
}

std::string escape(std::string_view text, bool in_attribute) {
  std::string out;
  const std::string safe = carried(text);
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    const bool at_edge = i == 0 || i + 1 == safe.size();
    // Parsers turn blanks of an attribute into spaces and may drop those at the edges of a text; all drop a bare CR.
    const bool as_number = c == '\r' || (blank && c != ' ' && in_attribute) || (blank && at_edge && !in_attribute);
    if (as_number) {
      out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"' && in_attribute) {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

XmlWriter::XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n") {}

void XmlWriter::end_tag() {
  if (in_tag_) out_ += ">\n";
  in_tag_ = false;
}

void XmlWriter::open(std::string_view name) {
  end_tag();
  out_.append(2 * open_.size(), ' ');
  out_ += '<';
  out_ += name;
  open_.emplace_back(name);
  in_tag_ = true;
}

void XmlWriter::attribute(std::string_view name, std::string_view value) {
  out_ += ' ';
  out_ += name;
  out_ += "=\"" + escape(value, true) + '"';
}

void XmlWriter::optional_attribute(std::string_view name, std::string_view value) {
  if (!value.empty()) attribute(name, value);
}

void XmlWriter::text(std::string_view value) {
  out_ += '>' + escape(value, false);
  in_tag_ = false;
  has_text_ = true;
}

void XmlWriter::close() {
  if (in_tag_) {
    out_ += "/>\n";
  } else {
    if (!has_text_) out_.append(2 * (open_.size() - 1), ' ');
    out_ += "</" + open_.back() + ">\n";
  }
  in_tag_ = false;
  has_text_ = false;
  open_.pop_back();
}

void XmlWriter::text_element(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  open(name);
  text(value);
  close();
}

}  // namespace winnow
