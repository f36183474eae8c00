#include "manifest/xml_document.hpp"

#include <tinyxml2.h>

#include <cstdint>
#include <deque>
#include <utility>

namespace winnow {
namespace {

constexpr std::string_view kCannotParse = "cannot parse XML: ";
constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";

// One xmlns attribute, linked to those around it. Every element points at the innermost that holds for it.
struct Binding {
  const Binding* outer = nullptr;
  std::string_view prefix;
  std::string_view uri;
  std::size_t depth = 1;
};

struct QualifiedName {
  std::string_view prefix;
  std::string_view local;
};

QualifiedName split_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {{}, name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

std::optional<std::string_view> find_uri(const Binding* binding, std::string_view prefix) {
  if (prefix == "xml") return kXmlNamespace;
  for (; binding != nullptr; binding = binding->outer) {
    if (binding->prefix == prefix) return binding->uri;
  }
  return prefix.empty() ? std::optional<std::string_view>("") : std::nullopt;
}

// The prefix an attribute declares a namespace for ("" = the default one); nothing when it declares none.
std::optional<std::string_view> declared_prefix(std::string_view name) {
  if (name == "xmlns") return "";
  const QualifiedName split = split_name(name);
  if (split.prefix == "xmlns") return split.local;
  return std::nullopt;
}

const Binding* bindings_of(const tinyxml2::XMLElement& element) {
  return static_cast<const Binding*>(element.GetUserData());
}

}  // namespace

struct XmlElement::Source {
  Source(std::string_view text, std::string file_name) : file(std::move(file_name)), lines(std::string(text)) {}

  // TinyXML-2 parses a copy of the text in place and its names point into that copy, so the distance to the first
  // node's name, whose offset is known, is an offset in the text. Only what is behind a name is ever rewritten.
  Place place(const char* name, int line) const {
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(name) - base;
    if (base == 0 || offset >= lines.size()) return {file, static_cast<std::uint32_t>(line), 0};
    return lines.place(file, offset);
  }

  void anchor(std::string_view text) {
    const tinyxml2::XMLNode* first = document.FirstChild();
    if (first == nullptr || first->ToText() != nullptr) return;
    const std::size_t start = text.find('<', skip_byte_order_mark(text));
    const std::size_t mark = first->ToElement() != nullptr ? 1 : first->ToDeclaration() != nullptr ? 2 : 4;
    base = reinterpret_cast<std::uintptr_t>(first->Value()) - start - mark;
  }

  void check_element(tinyxml2::XMLElement& element, const Binding* outer, Diagnostics& faults);
  const Binding* bind(const tinyxml2::XMLElement& element, const Binding* outer, Diagnostics& faults);
  void check_attributes(const tinyxml2::XMLElement& element, Diagnostics& faults) const;

  std::string file;
  LineMap lines;
  tinyxml2::XMLDocument document;
  std::uintptr_t base = 0;  // address that offset 0 of the text would have
  std::deque<Binding> bindings;
};

const Binding* XmlElement::Source::bind(const tinyxml2::XMLElement& element, const Binding* outer,
                                        Diagnostics& faults) {
  const Binding* innermost = outer;
  for (const auto* a = element.FirstAttribute(); a != nullptr; a = a->Next()) {
    const auto prefix = declared_prefix(a->Name());
    if (!prefix) continue;
    const std::size_t depth = innermost == nullptr ? 1 : innermost->depth + 1;
    if (depth > kMaxXmlNamespaces) {
      faults.add(place(a->Name(), a->GetLineNum()), std::string(kCannotParse) + "more than 64 namespaces are declared");
      break;
    }
    innermost = &bindings.emplace_back(Binding{innermost, *prefix, a->Value(), depth});
  }
  return innermost;
}

void XmlElement::Source::check_attributes(const tinyxml2::XMLElement& element, Diagnostics& faults) const {
  for (const auto* a = element.FirstAttribute(); a != nullptr; a = a->Next()) {
    if (declared_prefix(a->Name()) || find_uri(bindings_of(element), split_name(a->Name()).prefix)) continue;
    faults.add(place(a->Name(), a->GetLineNum()),
               std::string(kCannotParse) + "the prefix of the attribute \"" + a->Name() + "\" is not declared");
  }
}

// Recursion is bounded: check_xml_text has refused nesting deeper than kMaxXmlDepth.
void XmlElement::Source::check_element(tinyxml2::XMLElement& element, const Binding* outer, Diagnostics& faults) {
  const Binding* innermost = bind(element, outer, faults);
  // TinyXML-2 keeps one pointer per node for its caller and has no const form of it; it is read back as const.
  element.SetUserData(const_cast<Binding*>(innermost));
  if (!find_uri(innermost, split_name(element.Name()).prefix)) {
    faults.add(place(element.Name(), element.GetLineNum()),
               std::string(kCannotParse) + "the prefix of the element <" + element.Name() + "> is not declared");
  }
  check_attributes(element, faults);
  for (auto* child = element.FirstChildElement(); child != nullptr; child = child->NextSiblingElement()) {
    check_element(*child, innermost, faults);
  }
}

Result<XmlDocument> XmlDocument::parse(std::string_view text, const std::string& file) {
  auto source = std::make_unique<XmlElement::Source>(text, file);
  WINNOW_CHECK(check_xml_text(text, file, source->lines));
  const tinyxml2::XMLError code = source->document.Parse(text.data(), text.size());
  if (code != tinyxml2::XML_SUCCESS || source->document.RootElement() == nullptr) {
    const Place place{file, static_cast<std::uint32_t>(source->document.ErrorLineNum()), 0};
    return fail(place, std::string(kCannotParse) + "it is not well-formed");
  }
  source->anchor(text);
  Diagnostics faults;
  source->check_element(*source->document.RootElement(), nullptr, faults);
  if (!faults.empty()) return fail(std::move(faults).error());
  return XmlDocument(std::move(source));
}

XmlDocument::XmlDocument(std::unique_ptr<XmlElement::Source> source) : source_(std::move(source)) {}
XmlDocument::~XmlDocument() = default;
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;

XmlElement XmlDocument::root() const { return {source_.get(), source_->document.RootElement()}; }

std::string_view XmlElement::name() const { return split_name(element_->Name()).local; }

std::string_view XmlElement::namespace_uri() const {
  return find_uri(bindings_of(*element_), split_name(element_->Name()).prefix).value_or("");
}

Place XmlElement::place() const { return source_->place(element_->Name(), element_->GetLineNum()); }

std::optional<std::string_view> XmlElement::attribute(std::string_view name) const { return attribute("", name); }

std::optional<std::string_view> XmlElement::attribute(std::string_view uri, std::string_view name) const {
  for (const auto* a = element_->FirstAttribute(); a != nullptr; a = a->Next()) {
    const QualifiedName found = split_name(a->Name());
    if (found.local != name || found.prefix.empty() != uri.empty()) continue;
    if (uri.empty() || find_uri(bindings_of(*element_), found.prefix) == uri) return a->Value();
  }
  return std::nullopt;
}

Place XmlElement::place_of(std::string_view name) const {
  for (const auto* a = element_->FirstAttribute(); a != nullptr; a = a->Next()) {
    if (name == a->Name()) return source_->place(a->Name(), a->GetLineNum());
  }
  return place();
}

std::string XmlElement::attribute_text(std::string_view name) const {
  return std::string(attribute(name).value_or(std::string_view()));
}

std::vector<XmlAttribute> XmlElement::attributes() const {
  std::vector<XmlAttribute> all;
  for (const auto* a = element_->FirstAttribute(); a != nullptr; a = a->Next()) {
    if (declared_prefix(a->Name())) continue;
    const QualifiedName name = split_name(a->Name());
    const std::string_view uri = name.prefix.empty() ? "" : find_uri(bindings_of(*element_), name.prefix).value_or("");
    all.push_back({uri, name.local, a->Value(), source_->place(a->Name(), a->GetLineNum())});
  }
  return all;
}

std::vector<XmlElement> XmlElement::children() const {
  std::vector<XmlElement> all;
  for (const auto* child = element_->FirstChildElement(); child != nullptr; child = child->NextSiblingElement()) {
    all.push_back(XmlElement(source_, child));
  }
  return all;
}

std::vector<XmlElement> XmlElement::children(std::string_view name) const {
  std::vector<XmlElement> named = children();
  std::erase_if(named, [&](const XmlElement& child) { return child.name() != name; });
  return named;
}

std::optional<XmlElement> XmlElement::child(std::string_view name) const {
  for (const auto* child = element_->FirstChildElement(); child != nullptr; child = child->NextSiblingElement()) {
    if (split_name(child->Name()).local == name) return XmlElement(source_, child);
  }
  return std::nullopt;
}

std::string XmlElement::text() const {
  std::string all;
  for (const auto* node = element_->FirstChild(); node != nullptr; node = node->NextSibling()) {
    if (node->ToText() != nullptr) all += node->Value();
  }
  return all;
}

}  // namespace winnow
