// Writes XML with one spelling for one value: two-space indent, attributes in the order given, escapes chosen so that
// every XML parser reads back the same text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

// Characters XML cannot carry (is_xml_text in manifest/xml_text.hpp) are written as U+FFFD.
class XmlWriter {
 public:
  XmlWriter();

  void open(std::string_view name);
  // Only between open() and the first child or text.
  void attribute(std::string_view name, std::string_view value);
  // The same, left out when the value is "".
  void optional_attribute(std::string_view name, std::string_view value);
  // The whole content of the open element.
  void text(std::string_view value);
  void close();
  // A child that holds nothing but text, left out when that is "".
  void text_element(std::string_view name, std::string_view value);
  // Precondition: every element is closed.
  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  void end_tag();

  std::string out_;
  std::vector<std::string> open_;
  bool in_tag_ = false;    // "<name …" is written, its '>' not yet
  bool has_text_ = false;  // the innermost element holds text: its end tag follows at once
};

}  // namespace winnow
