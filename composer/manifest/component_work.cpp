// What a component manifest leaves to the installed system: <genericCommands>, <mof>, <taskScheduler> (servicing.md
// 4.9).
#include <algorithm>
#include <array>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"

namespace winnow {
namespace {

constexpr std::string_view kTaskNamespace = "http://schemas.microsoft.com/windows/2004/02/mit/task";
// The texts of a task's actions that are kept, below the element that stands for the action; the first one must be
// there.
constexpr std::array<std::pair<std::string_view, std::array<std::string_view, 2>>, 2> kActions = {
    {{"Exec", {"Command", "Arguments"}}, {"ComHandler", {"ClassId", "Data"}}}};

std::string child_text(const XmlElement& element, std::string_view name) {
  const auto child = element.child(name);
  return child ? trimmed(child->text()) : std::string();
}

void read_task(const ComponentReader& reader, const XmlElement& element) {
  FirstBootWork work{"Task", {}};
  const auto registration = element.child("RegistrationInfo");
  work.attributes.emplace_back("URI", registration ? child_text(*registration, "URI") : std::string());
  const auto actions = element.child("Actions");
  for (const XmlElement& action : actions ? actions->children() : std::vector<XmlElement>()) {
    const auto* known =
        std::find_if(kActions.begin(), kActions.end(), [&](const auto& kind) { return kind.first == action.name(); });
    if (known == kActions.end() || child_text(action, known->second[0]).empty()) {
      reader.ignore("taskScheduler/" + std::string(action.name()));
      continue;
    }
    for (const std::string_view name : known->second) {
      if (std::string text = child_text(action, name); !text.empty()) work.attributes.emplace_back(name, text);
    }
  }
  reader.manifest.work.push_back(std::move(work));
}

void write_task(XmlWriter& xml, const FirstBootWork& work) {
  xml.open("taskScheduler");
  xml.open("Task");
  xml.attribute("xmlns", kTaskNamespace);
  std::string_view open;  // the action whose texts are being written
  bool has_actions = false;
  for (const auto& [name, text] : work.attributes) {
    if (name == "URI") {
      xml.open("RegistrationInfo");
      xml.text_element("URI", text);
      xml.close();
      continue;
    }
    for (const auto& [action, texts] : kActions) {
      if (texts[0] != name) continue;
      if (!has_actions) xml.open("Actions");
      if (!open.empty()) xml.close();
      has_actions = true;
      open = action;
      xml.open(action);
    }
    if (!open.empty()) xml.text_element(name, text);
  }
  if (!open.empty()) xml.close();
  if (has_actions) xml.close();
  xml.close();
  xml.close();
}

void write_plain(XmlWriter& xml, const FirstBootWork& work) {
  xml.open(work.element);
  for (const auto& [name, value] : work.attributes) xml.attribute(name, value);
  xml.close();
}

}  // namespace

void read_generic_commands(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& child : element.children()) {
    if (child.name() == "genericCommand") {
      read_plain_work(reader, child, reader.manifest.work);
    } else {
      reader.ignore("genericCommands/" + std::string(child.name()));
    }
  }
}

void read_mof(const ComponentReader& reader, const XmlElement& element) {
  read_plain_work(reader, element, reader.manifest.work);
}

void read_tasks(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& child : element.children()) {
    if (child.name() == "Task") {
      read_task(reader, child);
    } else {
      reader.ignore("taskScheduler/" + std::string(child.name()));
    }
  }
}

void read_plain_work(const ComponentReader& reader, const XmlElement& element, std::vector<FirstBootWork>& work) {
  const std::string name(element.name());
  for (const XmlElement& child : element.children()) reader.ignore(name + "/" + std::string(child.name()));
  work.push_back({name, plain_attributes(reader, element, name)});
}

void write_work(XmlWriter& xml, const std::vector<FirstBootWork>& work) {
  for (const FirstBootWork& item : work) {
    if (item.element == "Task") {
      write_task(xml, item);
    } else if (item.element == "genericCommand") {
      xml.open("genericCommands");
      write_plain(xml, item);
      xml.close();
    } else {
      write_plain(xml, item);
    }
  }
}

}  // namespace winnow
