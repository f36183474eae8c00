// <configuration> and <localization> of a component manifest (servicing.md 4.8, 4.9).
#include <algorithm>
#include <array>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"

namespace winnow {
namespace {

constexpr std::string_view kSettings = "http://schemas.microsoft.com/WMIConfig/2002/State";
constexpr std::string_view kSchema = "http://www.w3.org/2001/XMLSchema";

// Attributes of a setting that change nothing in an image: texts, where setup shows the setting, when it may be set.
constexpr std::array<std::string_view, 10> kSilent = {"description", "displayName", "visible", "subScope",
                                                      "passes",      "deprecated",  "migrate", "changeImpact",
                                                      "name",        "key"};
constexpr std::array<std::string_view, 5> kStored = {"handler", "legacyName", "legacyType", "scope", "dataOnly"};

bool contains(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string state_text(const XmlElement& element, std::string_view name) {
  return std::string(element.attribute(kSettings, name).value_or(std::string_view()));
}

void read_setting(const ComponentReader& reader, const XmlElement& element) {
  ComponentSetting setting;
  setting.name = element.attribute_text("name");
  setting.type = element.attribute_text("type");
  if (const auto value = element.attribute("default")) setting.value = *value;
  setting.handler = state_text(element, "handler");
  if (const auto name = element.attribute(kSettings, "legacyName")) setting.legacy_name = *name;
  setting.legacy_type = state_text(element, "legacyType");
  setting.scope = state_text(element, "scope");
  const std::string data_only = state_text(element, "dataOnly");
  setting.data_only = ascii_iequals(data_only, "true") || data_only == "1";
  for (const XmlAttribute& attribute : element.attributes()) {
    const bool is_state = attribute.namespace_uri == kSettings;
    if (is_state && !contains(kSilent, attribute.name) && !contains(kStored, attribute.name)) {
      reader.ignore("configuration/setting@" + std::string(attribute.name));
    }
  }
  if (setting.name.empty()) reader.refuse(element.place(), "cannot read <element> of a configuration: it has no name");
  reader.manifest.settings.push_back(std::move(setting));
}

void read_resources(const ComponentReader& reader, const XmlElement& element) {
  auto& strings = reader.manifest.strings[element.attribute_text("culture")];
  for (const XmlElement& table : element.children()) {
    if (table.name() != "stringTable") {
      reader.ignore("localization/" + std::string(table.name()));
      continue;
    }
    for (const XmlElement& text : table.children("string")) {
      const auto [known, is_new] = strings.emplace(text.attribute_text("id"), text.attribute_text("value"));
      if (!is_new && known->second != text.attribute_text("value")) reader.ignore("localization/string twice");
    }
  }
}

void write_setting(XmlWriter& xml, const ComponentSetting& setting) {
  xml.open("xsd:element");
  if (setting.value) xml.attribute("default", *setting.value);
  xml.attribute("name", setting.name);
  xml.optional_attribute("type", setting.type);
  if (setting.data_only) xml.attribute("wcm:dataOnly", "true");
  xml.optional_attribute("wcm:handler", setting.handler);
  if (setting.legacy_name) xml.attribute("wcm:legacyName", *setting.legacy_name);
  xml.optional_attribute("wcm:legacyType", setting.legacy_type);
  xml.optional_attribute("wcm:scope", setting.scope);
  xml.close();
}

}  // namespace

void read_configuration(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& part : element.children()) {
    if (part.name() != "configurationSchema") {
      reader.ignore("configuration/" + std::string(part.name()));
      continue;
    }
    for (const XmlElement& schema : part.children()) {
      for (const XmlElement& child : schema.children()) {
        if (child.name() == "element") {
          read_setting(reader, child);
        } else {
          reader.ignore("configuration/" + std::string(child.name()));  // complexType, simpleType: types of settings
        }
      }
    }
  }
}

void write_configuration(XmlWriter& xml, const ComponentManifest& manifest) {
  if (manifest.settings.empty()) return;
  xml.open("configuration");
  xml.attribute("xmlns:wcm", kSettings);
  xml.open("configurationSchema");
  xml.open("xsd:schema");
  xml.attribute("xmlns:xsd", kSchema);
  xml.attribute("targetNamespace", manifest.identity.name);
  for (const ComponentSetting& setting : manifest.settings) write_setting(xml, setting);
  xml.close();
  xml.close();
  xml.close();
}

void read_localization(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& resources : element.children()) {
    if (resources.name() == "resources") {
      read_resources(reader, resources);
    } else {
      reader.ignore("localization/" + std::string(resources.name()));
    }
  }
}

void write_localization(XmlWriter& xml, const ComponentManifest& manifest) {
  if (manifest.strings.empty()) return;
  xml.open("localization");
  for (const auto& [culture, strings] : manifest.strings) {
    xml.open("resources");
    xml.attribute("culture", culture);
    xml.open("stringTable");
    for (const auto& [id, value] : strings) {
      xml.open("string");
      xml.attribute("id", id);
      xml.attribute("value", value);
      xml.close();
    }
    xml.close();
    xml.close();
  }
  xml.close();
}

}  // namespace winnow
