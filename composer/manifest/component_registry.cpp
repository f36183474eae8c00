// <registryKeys> of a component manifest (servicing.md 4.5).
#include <utility>

#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"
#include "manifest/registry_text.hpp"

namespace winnow {
namespace {

void read_value(const ComponentReader& reader, const XmlElement& element, ComponentRegistryKey& key) {
  ComponentRegistryValue value;
  ignore_others(reader, element, "registryValue", {"name", "valueType", "value", "operationHint", "mutable"});
  for (const XmlElement& part : element.children()) reader.ignore("registryValue/" + std::string(part.name()));
  value.name = element.attribute_text("name");
  value.keep_existing = is_set(element, "mutable");
  const std::string hint = element.attribute_text("operationHint");
  value.append = ascii_iequals(hint, "append");
  if (!hint.empty() && !value.append && !ascii_iequals(hint, "replace")) {
    reader.refuse(element.place(), "cannot read operationHint \"" + hint + "\": it is neither append nor replace");
  }
  auto data = parse_registry_text(element.attribute("valueType").value_or("REG_SZ"), element.attribute_text("value"));
  if (!data) {
    Fault fault = data.error().faults().front();
    return reader.faults.add(element.place(), std::move(fault.message), std::move(fault.notes));
  }
  value.type = data->type;
  value.data = std::move(data->data);
  key.values.push_back(std::move(value));
}

// <overridable> is written beside the values, by name.
void read_overridable(const XmlElement& element, ComponentRegistryKey& key) {
  const std::u16string name = case_key(element.attribute_text("name"));
  bool found = false;
  for (ComponentRegistryValue& value : key.values) {
    if (case_key(value.name) != name) continue;
    value.overridable = true;
    found = true;
  }
  if (!found) key.overridables.push_back({element.attribute_text("name"), element.attribute_text("type")});
}

void read_key(const ComponentReader& reader, const XmlElement& element) {
  ComponentRegistryKey key;
  ignore_others(reader, element, "registryKey", {"keyName", "owner"});
  key.owner = is_set(element, "owner");
  key.path = without_final_backslash(element.attribute_text("keyName"));
  key.security_descriptor = descriptor_name(element);
  if (key.path.empty()) reader.refuse(element.place(), "cannot read <registryKey>: it has no keyName");
  const std::vector<XmlElement> children = element.children();
  for (const XmlElement& child : children) {
    if (child.name() == "registryValue") read_value(reader, child, key);
  }
  for (const XmlElement& child : children) {
    if (child.name() == "overridable") {
      read_overridable(child, key);
    } else if (child.name() != "registryValue" && child.name() != "securityDescriptor") {
      reader.ignore("registryKeys/" + std::string(child.name()));
    }
  }
  reader.manifest.registry_keys.push_back(std::move(key));
}

void write_value(XmlWriter& xml, const ComponentRegistryValue& value) {
  const RegistryText text = print_registry_text({value.type, value.data});
  xml.open("registryValue");
  xml.attribute("name", value.name);
  xml.attribute("valueType", text.value_type);
  xml.attribute("value", text.value);
  if (value.append) xml.attribute("operationHint", "append");
  if (value.keep_existing) xml.attribute("mutable", "true");
  xml.close();
}

}  // namespace

void read_registry_keys(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& child : element.children()) {
    if (child.name() == "registryKey") {
      read_key(reader, child);
    } else {
      reader.ignore("registryKeys/" + std::string(child.name()));
    }
  }
}

void write_registry_keys(XmlWriter& xml, const ComponentManifest& manifest) {
  if (manifest.registry_keys.empty()) return;
  xml.open("registryKeys");
  for (const ComponentRegistryKey& key : manifest.registry_keys) {
    xml.open("registryKey");
    xml.attribute("keyName", key.path);
    if (key.owner) xml.attribute("owner", "true");
    for (const ComponentRegistryValue& value : key.values) write_value(xml, value);
    for (const ComponentRegistryValue& value : key.values) {
      if (!value.overridable) continue;
      xml.open("overridable");
      xml.attribute("name", value.name);
      xml.attribute("scope", "Microsoft");
      xml.attribute("type", print_registry_text({value.type, value.data}).value_type);
      xml.close();
    }
    for (const OverridableName& name : key.overridables) {
      xml.open("overridable");
      xml.attribute("name", name.name);
      xml.attribute("scope", "Microsoft");
      xml.optional_attribute("type", name.type);
      xml.close();
    }
    write_descriptor_name(xml, key.security_descriptor);
    xml.close();
  }
  xml.close();
}

}  // namespace winnow
