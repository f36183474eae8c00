// <instrumentation> and <firewallRule> of a component manifest (servicing.md 4.9).
#include <algorithm>
#include <array>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/component_parts.hpp"

namespace winnow {
namespace {

constexpr std::array<std::pair<std::string_view, std::string EventPublisher::*>, 5> kPublisherTexts = {{
    {"name", &EventPublisher::name},
    {"guid", &EventPublisher::guid},
    {"messageFileName", &EventPublisher::message_file},
    {"resourceFileName", &EventPublisher::resource_file},
    {"parameterFileName", &EventPublisher::parameter_file},
}};
constexpr std::array<std::pair<std::string_view, std::string EventChannel::*>, 7> kChannelTexts = {{
    {"name", &EventChannel::name},
    {"chid", &EventChannel::id},
    {"type", &EventChannel::type},
    {"enabled", &EventChannel::enabled},
    {"isolation", &EventChannel::isolation},
    {"access", &EventChannel::access},
    {"value", &EventChannel::value},
}};
constexpr std::array<std::pair<std::string_view, std::string EventChannel::*>, 3> kLoggingTexts = {{
    {"maxSize", &EventChannel::max_size},
    {"retention", &EventChannel::retention},
    {"autoBackup", &EventChannel::auto_backup},
}};
// What the message compiler has put into the publisher's resource file; symbols are for C programs.
constexpr std::array<std::string_view, 9> kCompiled = {"opcodes", "tasks",  "keywords", "maps",        "templates",
                                                       "events",  "levels", "filters",  "namedQueries"};
constexpr std::array<std::string_view, 2> kCompiledAttributes = {"symbol", "message"};

bool contains(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class T>
void read_texts(const ComponentReader& reader, const XmlElement& element, const std::string& what, const auto& fields,
                T& into) {
  for (const XmlAttribute& attribute : element.attributes()) {
    const auto* field =
        std::find_if(fields.begin(), fields.end(), [&](const auto& known) { return known.first == attribute.name; });
    if (field != fields.end()) {
      into.*field->second = attribute.value;
    } else if (!contains(kCompiledAttributes, attribute.name)) {
      reader.ignore(what + "@" + std::string(attribute.name));
    }
  }
}

template <class T>
void write_texts(XmlWriter& xml, const auto& fields, const T& from) {
  for (const auto& [name, text] : fields) xml.optional_attribute(name, from.*text);
}

void read_channel(const ComponentReader& reader, const XmlElement& element, EventPublisher& publisher) {
  EventChannel channel;
  channel.is_imported = element.name() == "importChannel";
  read_texts(reader, element, std::string(element.name()), kChannelTexts, channel);
  for (const XmlElement& child : element.children()) {
    if (child.name() != "logging") {
      reader.ignore("channel/" + std::string(child.name()));
      continue;
    }
    for (const XmlElement& part : child.children()) {
      const auto* field = std::find_if(kLoggingTexts.begin(), kLoggingTexts.end(),
                                       [&](const auto& known) { return known.first == part.name(); });
      if (field == kLoggingTexts.end()) {
        reader.ignore("channel/logging/" + std::string(part.name()));
      } else {
        channel.*field->second = trimmed(part.text());
      }
    }
  }
  publisher.channels.push_back(std::move(channel));
}

void read_publisher(const ComponentReader& reader, const XmlElement& element) {
  EventPublisher publisher;
  read_texts(reader, element, "provider", kPublisherTexts, publisher);
  for (const XmlElement& child : element.children()) {
    if (child.name() != "channels") {
      if (!contains(kCompiled, child.name())) reader.ignore("provider/" + std::string(child.name()));
      continue;
    }
    for (const XmlElement& channel : child.children()) {
      if (channel.name() == "channel" || channel.name() == "importChannel") {
        read_channel(reader, channel, publisher);
      } else {
        reader.ignore("channels/" + std::string(channel.name()));
      }
    }
  }
  if (publisher.guid.empty()) reader.refuse(element.place(), "cannot read <provider>: it has no guid");
  reader.manifest.event_publishers.push_back(std::move(publisher));
}

void write_channel(XmlWriter& xml, const EventChannel& channel) {
  xml.open(channel.is_imported ? "evt:importChannel" : "evt:channel");
  write_texts(xml, kChannelTexts, channel);
  const bool has_logging = !(channel.max_size + channel.retention + channel.auto_backup).empty();
  if (has_logging) {
    xml.open("evt:logging");
    for (const auto& [name, text] : kLoggingTexts) xml.text_element("evt:" + std::string(name), channel.*text);
    xml.close();
  }
  xml.close();
}

}  // namespace

void read_instrumentation(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& part : element.children()) {
    if (part.name() != "events") {
      reader.ignore("instrumentation/" + std::string(part.name()));  // counters
      continue;
    }
    for (const XmlElement& child : part.children()) {
      if (child.name() == "provider") {
        read_publisher(reader, child);
      } else if (child.name() != "cmi") {  // a mark of the build
        reader.ignore("instrumentation/events/" + std::string(child.name()));
      }
    }
  }
}

void write_instrumentation(XmlWriter& xml, const ComponentManifest& manifest) {
  if (manifest.event_publishers.empty()) return;
  xml.open("instrumentation");
  xml.open("evt:events");
  xml.attribute("xmlns:evt", "http://schemas.microsoft.com/win/2004/08/events");
  for (const EventPublisher& publisher : manifest.event_publishers) {
    xml.open("evt:provider");
    write_texts(xml, kPublisherTexts, publisher);
    if (!publisher.channels.empty()) {
      xml.open("evt:channels");
      for (const EventChannel& channel : publisher.channels) write_channel(xml, channel);
      xml.close();
    }
    xml.close();
  }
  xml.close();
  xml.close();
}

void read_firewall_rule(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& child : element.children()) reader.ignore("firewallRule/" + std::string(child.name()));
  reader.manifest.firewall_rules.push_back(plain_attributes(reader, element, "firewallRule"));
}

void write_firewall_rules(XmlWriter& xml, const ComponentManifest& manifest) {
  for (const ManifestAttributes& rule : manifest.firewall_rules) {
    xml.open("firewallRule");
    for (const auto& [name, value] : rule) xml.attribute(name, value);
    xml.close();
  }
}

}  // namespace winnow
