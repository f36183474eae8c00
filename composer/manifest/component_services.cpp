// <memberships> of a component manifest: of all categories, the Service one (servicing.md 4.7).
#include <array>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"

namespace winnow {
namespace {

// What <serviceData> says and ComponentService has a place for.
constexpr std::array<std::pair<std::string_view, std::string ComponentService::*>, 9> kServiceTexts = {{
    {"name", &ComponentService::name},
    {"displayName", &ComponentService::display_name},
    {"description", &ComponentService::description},
    {"type", &ComponentService::type},
    {"start", &ComponentService::start},
    {"errorControl", &ComponentService::error_control},
    {"imagePath", &ComponentService::image_path},
    {"objectName", &ComponentService::object_name},
    {"group", &ComponentService::group},
}};
constexpr std::string_view kDependOnService = "dependOnService";

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

void read_service(const ComponentReader& reader, const XmlElement& element) {
  ComponentService service;
  for (const XmlAttribute& attribute : element.attributes()) {
    const auto* known = std::find_if(kServiceTexts.begin(), kServiceTexts.end(),
                                     [&](const auto& text) { return text.first == attribute.name; });
    if (known != kServiceTexts.end()) {
      service.*known->second = attribute.value;
    } else if (attribute.name == kDependOnService) {
      service.depends_on_services = split_list(attribute.value);
    } else {
      reader.ignore("serviceData@" + std::string(attribute.name));
    }
  }
  for (const XmlElement& child : element.children()) reader.ignore("serviceData/" + std::string(child.name()));
  if (service.name.empty()) reader.refuse(element.place(), "cannot read <serviceData>: it has no name");
  reader.manifest.services.push_back(std::move(service));
}

void read_membership(const ComponentReader& reader, const XmlElement& element) {
  const auto id = element.child("id");
  const std::string type = id ? id->attribute_text("typeName") : std::string();
  if (type != "Service") return reader.ignore("memberships/" + type);
  for (const XmlElement& instance : element.children()) {
    if (instance.name() == "id") continue;
    for (const XmlElement& data : instance.children()) {
      if (data.name() == "serviceData") {
        read_service(reader, data);
      } else {
        reader.ignore("memberships/Service/" + std::string(data.name()));
      }
    }
  }
}

void write_service(XmlWriter& xml, const ComponentService& service) {
  xml.open("categoryInstance");
  xml.attribute("subcategory", service.name);
  xml.open("serviceData");
  // The attributes that have defaults are written always, even when empty: absent means the default.
  for (const auto& [name, text] : kServiceTexts) {
    const bool has_default = !(ComponentService{}.*text).empty();
    if (has_default || !(service.*text).empty()) xml.attribute(name, service.*text);
  }
  std::string depends;
  for (const std::string& name : service.depends_on_services) depends += (depends.empty() ? "" : ",") + name;
  xml.optional_attribute(kDependOnService, depends);
  xml.close();
  xml.close();
}

}  // namespace

void read_memberships(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& child : element.children()) {
    if (child.name() == "categoryMembership") {
      read_membership(reader, child);
    } else {
      reader.ignore("memberships/" + std::string(child.name()));
    }
  }
}

void write_memberships(XmlWriter& xml, const ComponentManifest& manifest) {
  if (manifest.services.empty()) return;
  xml.open("memberships");
  xml.open("categoryMembership");
  xml.open("id");
  xml.attribute("name", "Microsoft.Windows.Categories.Services");
  xml.attribute("version", "6.0.0.0");
  xml.attribute("publicKeyToken", "365143bb27e7ac8b");
  xml.attribute("typeName", "Service");
  xml.close();
  for (const ComponentService& service : manifest.services) write_service(xml, service);
  xml.close();
  xml.close();
}

}  // namespace winnow
