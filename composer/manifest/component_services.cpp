// <serviceData> of a component manifest (servicing.md 4.7).
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"

namespace winnow {
namespace {

template <class T>
using NamedField = std::pair<std::string_view, T ComponentService::*>;

constexpr std::array<NamedField<std::string>, 13> kTexts = {{
    {"name", &ComponentService::name},
    {"displayName", &ComponentService::display_name},
    {"description", &ComponentService::description},
    {"type", &ComponentService::type},
    {"start", &ComponentService::start},
    {"errorControl", &ComponentService::error_control},
    {"imagePath", &ComponentService::image_path},
    {"objectName", &ComponentService::object_name},
    {"group", &ComponentService::group},
    {"tag", &ComponentService::tag},
    {"sidType", &ComponentService::sid_type},
    {"launchProtected", &ComponentService::launch_protected},
    {"failureActionsFlag", &ComponentService::failure_actions_flag},
}};
constexpr std::array<NamedField<std::vector<std::string>>, 3> kLists = {{
    {"dependOnService", &ComponentService::depends_on_services},
    {"dependOnGroup", &ComponentService::depends_on_groups},
    {"requiredPrivileges", &ComponentService::required_privileges},
}};

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, comma);
    const std::size_t first = item.find_first_not_of(" \t");
    if (first != std::string_view::npos) {
      items.emplace_back(item.substr(first, item.find_last_not_of(" \t") - first + 1));
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

// 0 when the attribute is absent.
std::uint32_t read_number(const ComponentReader& reader, const XmlElement& element, std::string_view attribute) {
  const std::string_view text = element.attribute(attribute).value_or("0");
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    reader.refuse(element.place_of(attribute), "cannot read " + std::string(attribute) + " \"" + std::string(text) +
                                                   "\": it is not a number up to 4294967295");
  }
  return number;
}

ServiceFailureActions read_failure_actions(const ComponentReader& reader, const XmlElement& element) {
  ServiceFailureActions failure;
  ignore_others(reader, element, "failureActions", {"resetPeriod", "command", "rebootMessage"});
  failure.reset_period = read_number(reader, element, "resetPeriod");
  failure.command = element.attribute_text("command");
  failure.reboot_message = element.attribute_text("rebootMessage");
  for (const XmlElement& child : element.children()) {
    if (child.name() != "actions") {
      reader.ignore("failureActions/" + std::string(child.name()));
      continue;
    }
    for (const XmlElement& action : child.children("action")) {
      failure.actions.push_back({action.attribute_text("type"), read_number(reader, action, "delay")});
    }
  }
  return failure;
}

ServiceTrigger read_trigger(const ComponentReader& reader, const XmlElement& element) {
  ServiceTrigger trigger{element.attribute_text("type"), element.attribute_text("subtype"),
                         element.attribute_text("action")};
  ignore_others(reader, element, "serviceTrigger", {"type", "subtype", "action"});
  for (const XmlElement& child : element.children()) {
    if (child.name() == "triggerData") {
      trigger.data.push_back({child.attribute_text("type"), child.attribute_text("value")});
    } else {
      reader.ignore("serviceTrigger/" + std::string(child.name()));
    }
  }
  return trigger;
}

void read_service_children(const ComponentReader& reader, const XmlElement& element, ComponentService& service) {
  for (const XmlElement& child : element.children()) {
    if (child.name() == "failureActions") {
      service.failure_actions = read_failure_actions(reader, child);
    } else if (child.name() == "serviceTrigger") {
      service.triggers.push_back(read_trigger(reader, child));
    } else if (child.name() != "securityDescriptor") {
      reader.ignore("serviceData/" + std::string(child.name()));
    }
  }
  service.security_descriptor = descriptor_name(element);
}

void write_failure_actions(XmlWriter& xml, const ServiceFailureActions& failure) {
  xml.open("failureActions");
  xml.attribute("resetPeriod", std::to_string(failure.reset_period));
  xml.optional_attribute("command", failure.command);
  xml.optional_attribute("rebootMessage", failure.reboot_message);
  xml.open("actions");
  for (const ServiceAction& action : failure.actions) {
    xml.open("action");
    xml.attribute("delay", std::to_string(action.delay));
    xml.attribute("type", action.type);
    xml.close();
  }
  xml.close();
  xml.close();
}

void write_trigger(XmlWriter& xml, const ServiceTrigger& trigger) {
  xml.open("serviceTrigger");
  xml.attribute("action", trigger.action);
  xml.attribute("subtype", trigger.subtype);
  xml.attribute("type", trigger.type);
  for (const ServiceTriggerData& data : trigger.data) {
    xml.open("triggerData");
    xml.attribute("type", data.type);
    xml.attribute("value", data.value);
    xml.close();
  }
  xml.close();
}

}  // namespace

void read_service(const ComponentReader& reader, const XmlElement& element) {
  ComponentService service;
  for (const XmlAttribute& attribute : element.attributes()) {
    const auto is_it = [&](const auto& field) { return field.first == attribute.name; };
    const auto* text = std::find_if(kTexts.begin(), kTexts.end(), is_it);
    const auto* list = std::find_if(kLists.begin(), kLists.end(), is_it);
    if (text != kTexts.end()) {
      service.*text->second = attribute.value;
    } else if (list != kLists.end()) {
      service.*list->second = split_list(attribute.value);
    } else {
      reader.ignore("serviceData@" + std::string(attribute.name));
    }
  }
  read_service_children(reader, element, service);
  if (service.name.empty()) reader.refuse(element.place(), "cannot read <serviceData>: it has no name");
  reader.manifest.services.push_back(std::move(service));
}

void write_service(XmlWriter& xml, const ComponentService& service) {
  xml.open("categoryInstance");
  xml.attribute("subcategory", service.name);
  xml.open("serviceData");
  // The attributes that have defaults are written always, even when empty: absent means the default.
  for (const auto& [name, text] : kTexts) {
    const bool has_default = !(ComponentService{}.*text).empty();
    if (has_default || !(service.*text).empty()) xml.attribute(name, service.*text);
  }
  for (const auto& [name, list] : kLists) {
    std::string joined;
    for (const std::string& item : service.*list) joined += (joined.empty() ? "" : ",") + item;
    xml.optional_attribute(name, joined);
  }
  if (service.failure_actions) write_failure_actions(xml, *service.failure_actions);
  for (const ServiceTrigger& trigger : service.triggers) write_trigger(xml, trigger);
  write_descriptor_name(xml, service.security_descriptor);
  xml.close();
  xml.close();
}

}  // namespace winnow
