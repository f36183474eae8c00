#include "plan/service_keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/utf16.hpp"
#include "plan/stored_security.hpp"

namespace winnow {

namespace {

using NamedNumber = std::pair<std::string_view, std::uint32_t>;

// winnt.h and winsvc.h, by the words of servicing.md 4.7.
constexpr std::array<NamedNumber, 6> kTypes = {{{"kernelDriver", 0x1},
                                                {"fileSystemDriver", 0x2},
                                                {"win32OwnProcess", 0x10},
                                                {"win32ShareProcess", 0x20},
                                                {"win32UserOwnProcess", 0x50},
                                                {"win32UserShareProcess", 0x60}}};
constexpr std::array<NamedNumber, 6> kStarts = {
    {{"boot", 0}, {"system", 1}, {"auto", 2}, {"delayedAuto", 2}, {"demand", 3}, {"disabled", 4}}};
constexpr std::array<NamedNumber, 4> kErrorControls = {{{"ignore", 0}, {"normal", 1}, {"severe", 2}, {"critical", 3}}};
// SERVICE_SID_TYPE_*, SERVICE_LAUNCH_PROTECTED_*: of these words the manifests at hand have only "unrestricted".
constexpr std::array<NamedNumber, 3> kSidTypes = {{{"none", 0}, {"unrestricted", 1}, {"restricted", 3}}};
constexpr std::array<NamedNumber, 4> kProtections = {
    {{"none", 0}, {"windows", 1}, {"windowsLight", 2}, {"antimalwareLight", 3}}};
// SC_ACTION_TYPE: the words seen.
constexpr std::array<NamedNumber, 2> kActions = {{{"none", 0}, {"restartService", 1}}};
// SERVICE_TRIGGER_TYPE_*: seen are DeviceInterfaceArrival, NetworkEndpointEvent and WnfStateEvent.
constexpr std::array<NamedNumber, 9> kTriggerTypes = {{{"DeviceInterfaceArrival", 1},
                                                       {"IpAddressAvailability", 2},
                                                       {"DomainJoin", 3},
                                                       {"FirewallPortEvent", 4},
                                                       {"GroupPolicy", 5},
                                                       {"NetworkEndpointEvent", 6},
                                                       {"WnfStateEvent", 7},
                                                       {"Custom", 20},
                                                       {"Aggregate", 30}}};
constexpr std::array<NamedNumber, 2> kTriggerActions = {{{"start", 1}, {"stop", 2}}};
constexpr std::array<NamedNumber, 2> kTriggerData = {{{"binary", 1}, {"string", 2}}};
// Subtypes by name; winsvc.h, and a real SYSTEM hive for WNF_STATE_CHANGE.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kTriggerSubtypes = {{
    {"DOMAIN_JOIN", "{1CE20ABA-9851-4421-9430-1DDEB766E809}"},
    {"DOMAIN_LEAVE", "{DDAF516E-58C2-4866-9574-C3B615D42EA1}"},
    {"FIREWALL_PORT_CLOSE", "{A144ED38-8E12-4DE4-9D96-E64740B1A524}"},
    {"FIREWALL_PORT_OPEN", "{B7569E07-8421-4EE0-AD10-86915AFDAD09}"},
    {"MACHINE_POLICY_PRESENT", "{659FCAE6-5BDB-4DA9-B1FF-CA2A178D46E0}"},
    {"NAMED_PIPE_EVENT", "{1F81D131-3FAC-4537-9E0C-7E7B0C2F4B55}"},
    {"NETWORK_MANAGER_FIRST_IP_ADDRESS_ARRIVAL", "{4F27F2DE-14E2-430B-A549-7CD48CBC8245}"},
    {"NETWORK_MANAGER_LAST_IP_ADDRESS_REMOVAL", "{CC4BA62A-162E-4648-847A-B6BDF993E335}"},
    {"RPC_INTERFACE_EVENT", "{BC90D167-9470-4139-A9BA-BE0BBBF5B74D}"},
    {"USER_POLICY_PRESENT", "{54FB46C8-F089-464C-B1FD-59D1B62C3B50}"},
    {"WNF_STATE_CHANGE", "{2D7A2816-0C5E-45FC-9CE7-570E5ECDE9C9}"},
}};

constexpr std::string_view kServices = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\";

std::optional<std::uint32_t> find_number(const auto& table, std::string_view name) {
  for (const auto& [text, number] : table) {
    if (ascii_iequals(text, name)) return number;
  }
  return std::nullopt;
}

// The sixteen bytes of "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}": its first three parts are little-endian numbers.
std::optional<Bytes> parse_guid(std::string_view text) {
  constexpr std::array<std::size_t, 4> kDashes = {8, 13, 18, 23};
  if (text.size() != 38 || text.front() != '{' || text.back() != '}') return std::nullopt;
  text = text.substr(1, 36);
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = std::find(kDashes.begin(), kDashes.end(), i) != kDashes.end();
    if (is_dash != (text[i] == '-')) return std::nullopt;
    if (!is_dash) digits += text[i];
  }
  auto bytes = from_hex(digits);
  if (!bytes) return std::nullopt;
  std::reverse(bytes->begin(), bytes->begin() + 4);
  std::reverse(bytes->begin() + 4, bytes->begin() + 6);
  std::reverse(bytes->begin() + 6, bytes->begin() + 8);
  return bytes;
}

tl::unexpected<Error> unknown_word(const ComponentService& service, const std::string& word) {
  return fail("cannot plan service \"" + service.name + "\": \"" + word + "\" is no service setting winnow knows");
}

// SERVICE_FAILURE_ACTIONS as services.exe stores it: seconds, whether there is a message and a command, the number of
// actions and where they begin, then type and milliseconds of each.
std::optional<Bytes> failure_actions(const ServiceFailureActions& failure) {
  constexpr std::uint32_t kHeaderBytes = 20;
  Bytes data;
  ByteWriter out(data);
  out.le32(failure.reset_period);
  out.le32(failure.reboot_message.empty() ? 0 : 1);
  out.le32(failure.command.empty() ? 0 : 1);
  out.le32(static_cast<std::uint32_t>(failure.actions.size()));
  out.le32(kHeaderBytes);
  for (const ServiceAction& action : failure.actions) {
    const auto type = find_number(kActions, action.type);
    if (!type) return std::nullopt;
    out.le32(*type);
    out.le32(action.delay);
  }
  return data;
}

void add_failure_actions(const ServiceFailureActions& failure, ComponentRegistryKey& key, EffectKeys& effect) {
  auto data = failure_actions(failure);
  if (!data) {
    effect.unapplied.emplace_back("serviceData/failureActions");
    return;
  }
  key.values.push_back(registry_binary("FailureActions", std::move(*data)));
  if (!failure.command.empty()) key.values.push_back(registry_text("FailureCommand", failure.command));
  if (!failure.reboot_message.empty()) key.values.push_back(registry_text("RebootMessage", failure.reboot_message));
}

std::optional<Bytes> trigger_data(const ServiceTriggerData& data) {
  return ascii_iequals(data.type, "string") ? to_utf16le(data.value, true) : from_hex(data.value);
}

std::optional<ComponentRegistryKey> trigger_key(const std::string& path, const ServiceTrigger& trigger) {
  const auto type = find_number(kTriggerTypes, trigger.type);
  const auto action = find_number(kTriggerActions, trigger.action);
  const auto* named = std::find_if(kTriggerSubtypes.begin(), kTriggerSubtypes.end(),
                                   [&](const auto& row) { return ascii_iequals(row.first, trigger.subtype); });
  const auto guid = parse_guid(named == kTriggerSubtypes.end() ? std::string_view(trigger.subtype) : named->second);
  if (!type || !action || !guid) return std::nullopt;
  ComponentRegistryKey key;
  key.path = path;
  key.values = {registry_dword("Type", *type), registry_dword("Action", *action), registry_binary("GUID", *guid)};
  for (std::size_t i = 0; i < trigger.data.size(); ++i) {
    const auto data_type = find_number(kTriggerData, trigger.data[i].type);
    auto data = trigger_data(trigger.data[i]);
    if (!data_type || !data) return std::nullopt;
    key.values.push_back(registry_dword("DataType" + std::to_string(i), *data_type));
    key.values.push_back(registry_binary("Data" + std::to_string(i), std::move(*data)));
  }
  return key;
}

void add_triggers(const ComponentService& service, const std::string& path, EffectKeys& effect) {
  std::size_t number = 0;
  for (const ServiceTrigger& trigger : service.triggers) {
    auto key = trigger_key(path + "\\TriggerInfo\\" + std::to_string(number), trigger);
    if (key) {
      effect.keys.push_back(std::move(*key));
      ++number;
    } else {
      effect.unapplied.emplace_back("serviceData/serviceTrigger");
    }
  }
}

void add_texts(const ComponentService& service, ComponentRegistryKey& key) {
  const auto add = [&key](const char* name, const std::string& text, RegistryType kind = RegistryType::sz) {
    if (!text.empty()) key.values.push_back(registry_text(name, text, kind));
  };
  add("ImagePath", service.image_path, RegistryType::expand_sz);
  add("DisplayName", service.display_name);
  add("Description", service.description);
  add("ObjectName", service.object_name);
  add("Group", service.group);
  const auto add_list = [&key](const char* name, const std::vector<std::string>& list) {
    if (!list.empty()) key.values.push_back(registry_multi_text(name, list));
  };
  add_list("DependOnService", service.depends_on_services);
  add_list("DependOnGroup", service.depends_on_groups);
  add_list("RequiredPrivileges", service.required_privileges);
}

Result<void> add_numbers(const ComponentService& service, ComponentRegistryKey& key) {
  const auto add = [&](const char* name, const std::string& word, const auto& table) -> Result<void> {
    const auto number = find_number(table, word);
    if (!number) return unknown_word(service, word);
    key.values.push_back(registry_dword(name, *number));
    return {};
  };
  WINNOW_CHECK(add("Type", service.type, kTypes));
  WINNOW_CHECK(add("Start", service.start, kStarts));
  WINNOW_CHECK(add("ErrorControl", service.error_control, kErrorControls));
  if (ascii_iequals(service.start, "delayedAuto")) key.values.push_back(registry_dword("DelayedAutostart", 1));
  if (!service.sid_type.empty()) WINNOW_CHECK(add("ServiceSidType", service.sid_type, kSidTypes));
  if (!service.launch_protected.empty()) WINNOW_CHECK(add("LaunchProtected", service.launch_protected, kProtections));
  if (ascii_iequals(service.failure_actions_flag, "true") || service.failure_actions_flag == "1") {
    key.values.push_back(registry_dword("FailureActionsOnNonCrashFailures", 1));
  }
  if (service.tag.empty()) return {};
  std::uint32_t tag = 0;
  const char* const last = service.tag.data() + service.tag.size();
  const auto [end, error] = std::from_chars(service.tag.data(), last, tag);
  if (error != std::errc{} || end != last) return unknown_word(service, service.tag);
  key.values.push_back(registry_dword("Tag", tag));
  return {};
}

}  // namespace

Result<EffectKeys> service_keys(const ComponentService& service, const std::optional<Bytes>& security) {
  EffectKeys effect;
  ComponentRegistryKey key;
  key.path = std::string(kServices) + service.name;
  WINNOW_CHECK(add_numbers(service, key));
  add_texts(service, key);
  if (service.failure_actions) add_failure_actions(*service.failure_actions, key, effect);
  const std::string path = key.path;
  effect.keys.push_back(std::move(key));
  add_triggers(service, path, effect);
  if (security) {
    ComponentRegistryKey guarded;
    guarded.path = path + "\\Security";
    guarded.values = {registry_binary("Security", service_descriptor(*security))};
    effect.keys.push_back(std::move(guarded));
  }
  return effect;
}

}  // namespace winnow
