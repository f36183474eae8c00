#include "plan/event_keys.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/utf16.hpp"

namespace winnow {

namespace {

constexpr std::string_view kEvents = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\";
constexpr std::uint32_t kFirstOwnChannel = 16;

using NamedNumber = std::pair<std::string_view, std::uint32_t>;
constexpr std::array<NamedNumber, 4> kChannelTypes = {
    {{"Admin", 0}, {"Operational", 1}, {"Analytic", 2}, {"Debug", 3}}};
constexpr std::array<NamedNumber, 3> kIsolations = {{{"Application", 0}, {"System", 1}, {"Custom", 2}}};
// Channels of Windows itself, by the number every publisher uses for them (winmeta.xml).
constexpr std::array<NamedNumber, 4> kSharedChannels = {
    {{"System", 8}, {"Application", 9}, {"Security", 10}, {"Microsoft-Windows-TraceLogging", 11}}};

std::optional<std::uint32_t> find_number(const auto& table, std::string_view name) {
  for (const auto& [text, number] : table) {
    if (ascii_iequals(text, name)) return number;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool is_true(std::string_view text) { return ascii_iequals(text, "true") || text == "1"; }

ComponentRegistryKey channel_key(const EventPublisher& publisher, const EventChannel& channel, EffectKeys& effect) {
  ComponentRegistryKey key;
  key.path = std::string(kEvents) + "Channels\\" + channel.name;
  key.values = {registry_text("OwningPublisher", publisher.guid),
                registry_dword("Enabled", is_true(channel.enabled) ? 1 : 0)};
  const auto type = find_number(kChannelTypes, channel.type);
  const auto isolation = find_number(kIsolations, channel.isolation.empty() ? "Application" : channel.isolation);
  if (type) key.values.push_back(registry_dword("Type", *type));
  if (isolation) key.values.push_back(registry_dword("Isolation", *isolation));
  if (!type) effect.unapplied.emplace_back("channel@type");
  if (!isolation) effect.unapplied.emplace_back("channel@isolation");
  if (!channel.access.empty()) key.values.push_back(registry_text("ChannelAccess", channel.access));
  if (const auto size = parse_number(channel.max_size)) key.values.push_back(registry_dword("MaxSize", *size));
  if (!channel.retention.empty()) key.values.push_back(registry_dword("Retention", is_true(channel.retention) ? 1 : 0));
  if (!channel.auto_backup.empty()) {
    key.values.push_back(registry_dword("AutoBackupLogFiles", is_true(channel.auto_backup) ? 1 : 0));
  }
  return key;
}

void add_channels(const EventPublisher& publisher, const std::string& path, EffectKeys& effect) {
  ComponentRegistryKey count;
  count.path = path + "\\ChannelReferences";
  std::uint32_t references = 0;
  std::uint32_t next = kFirstOwnChannel;
  for (const EventChannel& channel : publisher.channels) {
    const auto stated = parse_number(channel.value);
    const auto shared = find_number(kSharedChannels, channel.name);
    if (channel.is_imported && !stated && !shared) {
      effect.unapplied.emplace_back("importChannel");
      continue;
    }
    const std::uint32_t id = stated.value_or(channel.is_imported ? shared.value_or(0) : next);
    if (!channel.is_imported) next = id + 1;
    ComponentRegistryKey reference;
    reference.path = count.path + "\\" + std::to_string(references++);
    reference.values = {registry_text("", channel.name), registry_dword("Id", id),
                        registry_dword("Flags", channel.is_imported ? 1 : 0)};
    effect.keys.push_back(std::move(reference));
    if (!channel.is_imported) effect.keys.push_back(channel_key(publisher, channel, effect));
  }
  count.values = {registry_dword("Count", references)};
  effect.keys.push_back(std::move(count));
}

// Fields of a rule in the order of the text, by the attribute that gives each.
struct RuleField {
  std::string_view attribute;
  std::string_view field;
  bool is_list = false;  // "Domain, Private" becomes two fields
};
constexpr std::array<RuleField, 22> kRuleFields = {{
    {"Action", "Action"},
    {"Active", "Active"},
    {"Dir", "Dir"},
    {"Protocol", "Protocol"},
    {"Profile", "Profile", true},
    {"ICMP4", "ICMP4", true},
    {"ICMP6", "ICMP6", true},
    {"LPort", "LPort", true},
    {"RPort", "RPort", true},
    {"LA4", "LA4", true},
    {"LA6", "LA6", true},
    {"RA4", "RA4", true},
    {"RA6", "RA6", true},
    {"Binary", "App"},
    {"Svc", "Svc"},
    {"Name", "Name"},
    {"Desc", "Desc"},
    {"Group", "EmbedCtxt"},
    {"Edge", "Edge"},
    {"EdgeDefer", "Defer"},
    {"LUAuth", "LUAuth"},
    {"TTK", "TTK"},
}};
constexpr std::string_view kRuleVersion = "v2.30|";
constexpr std::string_view kRuleName = "InternalName";

// The spelling of a real hive: "Allow", "TRUE", "In", protocols by number.
std::string rule_value(std::string_view field, std::string_view text) {
  constexpr std::array<std::string_view, 4> kWords = {"Allow", "Block", "In", "Out"};
  constexpr std::array<std::string_view, 2> kFlags = {"TRUE", "FALSE"};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kProtocols = {
      {{"TCP", "6"}, {"UDP", "17"}, {"ICMPv4", "1"}, {"ICMPv6", "58"}}};
  if (field == "Protocol") {
    for (const auto& [name, number] : kProtocols) {
      if (ascii_iequals(name, text)) return std::string(number);
    }
  }
  if (field == "Action" || field == "Dir") {
    for (const std::string_view word : kWords) {
      if (ascii_iequals(word, text)) return std::string(word);
    }
  }
  if (field == "Active" || field == "Edge") {
    for (const std::string_view flag : kFlags) {
      if (ascii_iequals(flag, text)) return std::string(flag);
    }
  }
  return std::string(text);
}

void add_field(const RuleField& field, std::string_view text, std::string& rule) {
  do {
    const std::size_t comma = field.is_list ? std::min(text.find(','), text.size()) : text.size();
    std::string_view item = text.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    rule += std::string(field.field) + "=" + rule_value(field.field, item) + "|";
    text.remove_prefix(std::min(comma + 1, text.size()));
  } while (!text.empty());
}

void add_rule(const ManifestAttributes& attributes, ComponentRegistryKey& key, EffectKeys& effect) {
  std::string name;
  std::string rule(kRuleVersion);
  for (const RuleField& field : kRuleFields) {
    for (const auto& [attribute, text] : attributes) {
      if (ascii_iequals(attribute, field.attribute) && !text.empty()) add_field(field, text, rule);
    }
  }
  for (const auto& [attribute, text] : attributes) {
    bool is_known = ascii_iequals(attribute, kRuleName);
    if (is_known) name = text;
    for (const RuleField& field : kRuleFields) is_known = is_known || ascii_iequals(attribute, field.attribute);
    if (!is_known) effect.unapplied.push_back("firewallRule@" + attribute);
  }
  if (name.empty()) {
    effect.unapplied.emplace_back("firewallRule");
  } else {
    key.values.push_back(registry_text(name, rule));
  }
}

}  // namespace

EffectKeys event_keys(const std::vector<EventPublisher>& publishers) {
  EffectKeys effect;
  for (const EventPublisher& publisher : publishers) {
    ComponentRegistryKey key;
    key.path = std::string(kEvents) + "Publishers\\" + publisher.guid;
    key.values = {registry_text("", publisher.name)};
    const auto add = [&key](const char* name, const std::string& file) {
      if (!file.empty()) key.values.push_back(registry_text(name, file, RegistryType::expand_sz));
    };
    add("ResourceFileName", publisher.resource_file);
    add("MessageFileName", publisher.message_file);
    add("ParameterFileName", publisher.parameter_file);
    const std::string path = key.path;
    effect.keys.push_back(std::move(key));
    if (!publisher.channels.empty()) add_channels(publisher, path, effect);
  }
  return effect;
}

EffectKeys firewall_keys(const std::vector<ManifestAttributes>& rules) {
  EffectKeys effect;
  ComponentRegistryKey key;
  key.path =
      "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\"
      "FirewallRules";
  for (const ManifestAttributes& rule : rules) add_rule(rule, key, effect);
  if (!key.values.empty()) effect.keys.push_back(std::move(key));
  return effect;
}

}  // namespace winnow
