#include "size_analyzer/exposure/tag_map.hpp"

#include <fnmatch.h>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "manifest/xml_document.hpp"

namespace winnow {
namespace {

constexpr ByteCount kMaxTagMapBytes = ByteCount{4} << 20;
constexpr std::string_view kNamespace = "urn:winnow:exposure:v1";

// The value of an attribute that must be there and not be empty.
std::string required(const XmlElement& element, std::string_view name, Diagnostics& faults) {
  std::string value = element.attribute_text(name);
  if (value.empty()) {
    faults.add(element.place(), "cannot read <" + std::string(element.name()) + ">: it has no " + std::string(name));
  }
  return value;
}

TagMeaning meaning_of(const XmlElement& element, Diagnostics& faults) {
  TagMeaning meaning;
  meaning.tag = required(element, "name", faults);
  for (const XmlElement& child : element.children()) {
    const std::string pattern = ascii_lower(required(child, "name", faults));
    if (child.name() == "file") {
      meaning.files.push_back(pattern);
    } else if (child.name() == "component") {
      meaning.components.push_back(pattern);
    } else if (child.name() == "service") {
      meaning.services.push_back(pattern);
    } else {
      faults.add(child.place(), "cannot read <" + std::string(child.name()) +
                                    ">: a <tag> holds <file>, <component> and <service> only");
    }
  }
  const bool empty = meaning.files.empty() && meaning.components.empty() && meaning.services.empty();
  if (empty) faults.add(element.place(), "cannot read <tag>: it means nothing");
  return meaning;
}

}  // namespace

bool fits_pattern(const std::string& pattern, std::string_view text) {
  return fnmatch(ascii_lower(pattern).c_str(), ascii_lower(text).c_str(), 0) == 0;
}

Result<TagMap> TagMap::parse(std::string_view text, const std::string& file) {
  WINNOW_TRY(const XmlDocument document, XmlDocument::parse(text, file));
  const XmlElement root = document.root();
  if (root.name() != "tag-map" || root.namespace_uri() != kNamespace) {
    return fail(root.place(),
                "cannot read <" + std::string(root.name()) + ">: it is no <tag-map> of " + std::string(kNamespace));
  }
  TagMap map;
  Diagnostics faults;
  map.version_ = required(root, "version", faults);
  for (const XmlElement& element : root.children()) {
    if (element.name() == "tag") {
      map.meanings_.push_back(meaning_of(element, faults));
    } else if (element.name() == "alias") {
      map.aliases_[ascii_lower(required(element, "file", faults))] = ascii_lower(required(element, "is", faults));
    } else if (element.name() == "product") {
      map.products_.emplace(required(element, "build", faults), required(element, "name", faults));
    } else {
      faults.add(element.place(), "cannot read <" + std::string(element.name()) +
                                      ">: a <tag-map> holds <tag>, <alias> and <product> only");
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return map;
}

Result<TagMap> TagMap::load(const std::filesystem::path& path) {
  WINNOW_TRY(const Bytes text, read_file(path, kMaxTagMapBytes));
  return parse({reinterpret_cast<const char*>(text.data()), text.size()}, path.string());
}

const TagMeaning* TagMap::find(std::string_view tag) const {
  if (tag.empty()) return nullptr;
  for (const TagMeaning& meaning : meanings_) {
    if (ascii_iequals(meaning.tag, tag)) return &meaning;
  }
  for (const TagMeaning& meaning : meanings_) {
    if (fits_pattern(meaning.tag, tag)) return &meaning;
  }
  return nullptr;
}

std::string TagMap::known_name(const std::string& file) const {
  const auto alias = aliases_.find(file);
  return alias == aliases_.end() ? file : alias->second;
}

std::vector<std::string> TagMap::products_of(std::string_view os_version) const {
  std::vector<std::string> names;
  std::size_t start = 0;  // of the third number
  for (int dots = 0; dots < 2; ++dots) {
    start = os_version.find('.', start);
    if (start == std::string_view::npos) return names;
    ++start;
  }
  const std::string build(os_version.substr(start, os_version.find('.', start) - start));
  const auto [first, last] = products_.equal_range(build);
  for (auto product = first; product != last; ++product) names.push_back(product->second);
  return names;
}

}  // namespace winnow
