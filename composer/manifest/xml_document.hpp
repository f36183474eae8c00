// XML as winnow's parsers see it: elements with namespaces, attributes and exact places. The only code that knows
// TinyXML-2, which is lenient where XML is not; what it lets pass is refused here and in manifest/xml_markup.hpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "manifest/xml_text.hpp"

namespace tinyxml2 {
class XMLElement;
}

namespace winnow {

inline constexpr std::size_t kMaxXmlNamespaces = 64;  // in force at one point of a document

struct XmlAttribute {
  std::string_view namespace_uri;  // "" when the name has no prefix
  std::string_view name;           // without prefix
  std::string_view value;
  Place place;
};

// A view of one element; its document must outlive it.
class XmlElement {
 public:
  [[nodiscard]] std::string_view name() const;           // without prefix
  [[nodiscard]] std::string_view namespace_uri() const;  // "" when none
  [[nodiscard]] Place place() const;                     // of its name

  // The value of an attribute; the first form takes only names without prefix.
  [[nodiscard]] std::optional<std::string_view> attribute(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> attribute(std::string_view namespace_uri, std::string_view name) const;
  // Where an attribute without prefix stands; the element's place when it is absent.
  [[nodiscard]] Place place_of(std::string_view name) const;
  // The value of an attribute without prefix, "" when it is absent.
  [[nodiscard]] std::string attribute_text(std::string_view name) const;
  // All in the order of the file, but for the declarations of namespaces.
  [[nodiscard]] std::vector<XmlAttribute> attributes() const;

  [[nodiscard]] std::vector<XmlElement> children() const;
  // Those of that name, in any namespace.
  [[nodiscard]] std::vector<XmlElement> children(std::string_view name) const;
  // The first child of that name in any namespace.
  [[nodiscard]] std::optional<XmlElement> child(std::string_view name) const;
  // Its own text and CDATA, joined; not that of its children.
  [[nodiscard]] std::string text() const;

 private:
  friend class XmlDocument;
  struct Source;
  XmlElement(const Source* source, const tinyxml2::XMLElement* element) : source_(source), element_(element) {}
  const Source* source_;
  const tinyxml2::XMLElement* element_;
};

class XmlDocument {
 public:
  // `file` names the text in places. Errors read "cannot parse XML: <reason>".
  [[nodiscard]] static Result<XmlDocument> parse(std::string_view text, const std::string& file);
  ~XmlDocument();
  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;

  [[nodiscard]] XmlElement root() const;

 private:
  explicit XmlDocument(std::unique_ptr<XmlElement::Source> source);
  std::unique_ptr<XmlElement::Source> source_;
};

}  // namespace winnow
