// <memberships> of a component manifest (servicing.md 4.7). What an instance holds says what it is for: real manifests
// list the groups of svchost under BootCritical, too.
#include <algorithm>
#include <array>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"

namespace winnow {
namespace {

constexpr std::string_view kServices = "Service";

// Lists by the element that holds an entry, and the category that is written for it.
struct ListPart {
  std::string_view element;
  std::string_view name_attribute;
  std::string_view category;
  std::vector<ComponentListEntry> ComponentManifest::*entries;
};
constexpr std::array<ListPart, 3> kListParts = {{
    {"serviceGroup", "serviceName", "SvcHost", &ComponentManifest::service_groups},
    {"providerOrder", "name", "Network", &ComponentManifest::provider_orders},
    {"path", "name", "Environment", &ComponentManifest::path_entries},
}};

// What a composer has to know; the others only mark the component.
constexpr std::array<std::string_view, 2> kUsedCategories = {"BootCritical", "ServicingStackComponent"};

bool has_data(std::string_view category) {
  return category == kServices || std::any_of(kListParts.begin(), kListParts.end(),
                                              [&](const ListPart& part) { return part.category == category; });
}

void read_list_entry(const ComponentReader& reader, const XmlElement& instance, const XmlElement& element,
                     const ListPart& part) {
  ComponentListEntry entry;
  entry.list = instance.attribute_text("subcategory");
  entry.name = element.attribute_text(part.name_attribute);
  if (const auto position = element.attribute("position")) entry.position = *position;
  const std::string what = "<" + std::string(part.element) + ">";
  if (entry.name.empty())
    reader.refuse(element.place(), "cannot read " + what + ": it has no " + std::string(part.name_attribute));
  if (entry.position != "first" && entry.position != "last") {
    reader.refuse(element.place_of("position"),
                  "cannot read position \"" + entry.position + "\": it is neither first nor last");
  }
  (reader.manifest.*part.entries).push_back(std::move(entry));
}

void read_instance(const ComponentReader& reader, const XmlElement& instance, const std::string& category) {
  for (const XmlElement& data : instance.children()) {
    const auto* part = std::find_if(kListParts.begin(), kListParts.end(),
                                    [&](const ListPart& known) { return known.element == data.name(); });
    if (data.name() == "serviceData") {
      read_service(reader, data);
    } else if (part != kListParts.end()) {
      read_list_entry(reader, instance, data, *part);
    } else {
      reader.ignore("memberships/" + category + "/" + std::string(data.name()));
    }
  }
}

void read_membership(const ComponentReader& reader, const XmlElement& element) {
  std::vector<std::string> names;
  for (const XmlElement& id : element.children("id")) names.push_back(id.attribute_text("typeName"));
  for (const std::string& name : names) {
    if (has_data(name)) continue;
    if (std::find(kUsedCategories.begin(), kUsedCategories.end(), name) == kUsedCategories.end()) {
      reader.ignore("memberships/" + name);
    } else {
      reader.manifest.categories.push_back(name);
    }
  }
  const std::string category = names.empty() ? std::string() : names.front();
  for (const XmlElement& child : element.children()) {
    if (child.name() == "categoryInstance") {
      read_instance(reader, child, category);
    } else if (child.name() != "id") {
      reader.ignore("memberships/" + category + "/" + std::string(child.name()));
    }
  }
}

void open_category(XmlWriter& xml, std::string_view name, std::string_view version, std::string_view category) {
  xml.open("categoryMembership");
  xml.open("id");
  xml.attribute("name", name);
  xml.attribute("version", version);
  xml.attribute("publicKeyToken", "365143bb27e7ac8b");
  xml.attribute("typeName", category);
  xml.close();
}

void write_list(XmlWriter& xml, const std::vector<ComponentListEntry>& entries, const ListPart& part) {
  if (entries.empty()) return;
  open_category(xml, "Microsoft.Windows.Categories", "1.0.0.0", part.category);
  for (const ComponentListEntry& entry : entries) {
    xml.open("categoryInstance");
    xml.attribute("subcategory", entry.list);
    xml.open(part.element);
    xml.attribute(part.name_attribute, entry.name);
    xml.attribute("position", entry.position);
    xml.close();
    xml.close();
  }
  xml.close();
}

bool has_memberships(const ComponentManifest& manifest) {
  return !manifest.services.empty() || !manifest.categories.empty() ||
         std::any_of(kListParts.begin(), kListParts.end(),
                     [&](const ListPart& part) { return !(manifest.*part.entries).empty(); });
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
  if (!has_memberships(manifest)) return;
  xml.open("memberships");
  if (!manifest.services.empty()) {
    open_category(xml, "Microsoft.Windows.Categories.Services", "6.0.0.0", kServices);
    for (const ComponentService& service : manifest.services) write_service(xml, service);
    xml.close();
  }
  for (const ListPart& part : kListParts) write_list(xml, manifest.*part.entries, part);
  for (const std::string& category : manifest.categories) {
    open_category(xml, "Microsoft.Windows.Categories", "1.0.0.0", category);
    xml.close();
  }
  xml.close();
}

}  // namespace winnow
