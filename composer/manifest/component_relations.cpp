// <winnow:anyOf>, <winnow:recommended>, <winnow:conflict>, <winnow:provides> and <winnow:deprecated> of a component
// manifest.
#include <algorithm>
#include <array>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"

namespace winnow {
namespace {

constexpr std::array<std::pair<std::string_view, RelationKind>, 3> kRelations = {
    {{"anyOf", RelationKind::any_of},
     {"recommended", RelationKind::recommended},
     {"conflict", RelationKind::conflict}}};

void read_bound(const ComponentReader& reader, const XmlElement& element, ComponentSelector& selector) {
  const std::string word = element.attribute_text("compare");
  auto compare = parse_version_compare(word);
  if (compare == VersionCompare::ne) compare.reset();
  const std::string value = element.attribute_text("value");
  const auto version = parse_version(value);
  if (!compare) {
    reader.refuse(element.place_of("compare"),
                  "cannot read compare \"" + word + "\": it is none of EQ, GE, GT, LE, LT");
  }
  if (!version) {
    reader.refuse(element.place_of("value"),
                  "cannot read version \"" + value + "\": it is not four numbers up to 65535");
  }
  if (compare && version) selector.bounds.push_back({*compare, *version});
}

void read_selector(const ComponentReader& reader, const XmlElement& element, ComponentRelation& relation) {
  ComponentSelector selector;
  selector.is_capability = element.name() == "capability";
  selector.name = element.attribute_text("name");
  if (selector.name.empty()) {
    reader.refuse(element.place(), "cannot read <" + std::string(element.name()) + ">: it has no name");
  }
  for (const XmlElement& child : element.children()) {
    if (child.name() == "version") {
      read_bound(reader, child, selector);
    } else {
      reader.ignore(std::string(element.name()) + "/" + std::string(child.name()));
    }
  }
  relation.selectors.push_back(std::move(selector));
}

void read_relation(const ComponentReader& reader, const XmlElement& element, RelationKind kind) {
  ComponentRelation relation;
  relation.kind = kind;
  relation.line = element.place().line;
  for (const XmlElement& child : element.children()) {
    if (child.name() == "component" || child.name() == "capability") {
      read_selector(reader, child, relation);
    } else {
      reader.ignore(std::string(element.name()) + "/" + std::string(child.name()));
    }
  }
  if (relation.selectors.empty()) {
    reader.refuse(element.place(),
                  "cannot read <" + std::string(element.name()) + ">: it holds neither <component> nor <capability>");
  }
  reader.manifest.relations.push_back(std::move(relation));
}

void read_provides(const ComponentReader& reader, const XmlElement& element) {
  std::string name = element.attribute_text("name");
  if (name.empty()) return reader.refuse(element.place(), "cannot read <provides>: it has no name");
  auto& all = reader.manifest.provides;
  if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(std::move(name));
}

void read_deprecated(const ComponentReader& reader, const XmlElement& element) {
  reader.manifest.deprecated = element.attribute_text("reason");
  if (reader.manifest.deprecated.empty()) {
    reader.refuse(element.place(), "cannot read <deprecated>: it has no reason");
  }
}

}  // namespace

bool satisfies(const Version& version, const std::vector<VersionBound>& bounds) {
  return std::all_of(bounds.begin(), bounds.end(),
                     [&](const VersionBound& bound) { return is_as_asked(bound.compare, version, bound.version); });
}

std::string to_string(const ComponentSelector& selector) {
  std::string text = selector.name;
  for (const VersionBound& bound : selector.bounds) {
    text += " " + std::string(to_string(bound.compare)) + " " + to_string(bound.version);
  }
  return text;
}

bool read_winnow_part(const ComponentReader& reader, const XmlElement& element) {
  if (element.namespace_uri() != kWinnowNamespace) return false;
  const auto* relation = std::find_if(kRelations.begin(), kRelations.end(),
                                      [&](const auto& known) { return known.first == element.name(); });
  if (relation != kRelations.end()) {
    read_relation(reader, element, relation->second);
  } else if (element.name() == "provides") {
    read_provides(reader, element);
  } else if (element.name() == "deprecated") {
    read_deprecated(reader, element);
  } else {
    return false;
  }
  return true;
}

void write_relations(XmlWriter& xml, const ComponentManifest& manifest) {
  for (const ComponentRelation& relation : manifest.relations) {
    xml.open("winnow:" + std::string(kRelations[static_cast<std::size_t>(relation.kind)].first));
    for (const ComponentSelector& selector : relation.selectors) {
      xml.open(selector.is_capability ? "winnow:capability" : "winnow:component");
      xml.attribute("name", selector.name);
      for (const VersionBound& bound : selector.bounds) {
        xml.open("winnow:version");
        xml.attribute("compare", to_string(bound.compare));
        xml.attribute("value", to_string(bound.version));
        xml.close();
      }
      xml.close();
    }
    xml.close();
  }
  for (const std::string& capability : manifest.provides) {
    xml.open("winnow:provides");
    xml.attribute("name", capability);
    xml.close();
  }
  if (manifest.deprecated.empty()) return;
  xml.open("winnow:deprecated");
  xml.attribute("reason", manifest.deprecated);
  xml.close();
}

}  // namespace winnow
