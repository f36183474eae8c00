// What a component asks for beyond files, directories and registry keys: settings, services, categories, events,
// firewall rules, and work that only the installed system can do (servicing.md 4.7 to 4.9). Texts are as written,
// macros and all; plan/ gives them their meaning.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

// Attributes without a namespace, in the order of the file.
using ManifestAttributes = std::vector<std::pair<std::string, std::string>>;

// <xsd:element> of <configurationSchema> (4.8): a setting, whose default is stored when the component is installed.
struct ComponentSetting {
  std::string name;
  std::string type;                        // "xsd:string"; "" when absent
  std::optional<std::string> value;        // `default`
  std::string handler;                     // wcm:handler: "regkey('HKEY_LOCAL_MACHINE\SYSTEM')"; "" when absent
  std::optional<std::string> legacy_name;  // wcm:legacyName: the value's name where it is not `name`
  std::string legacy_type;                 // wcm:legacyType: "REG_SZ"; "" when absent
  std::string scope;                       // wcm:scope: allUsers, perUser
  bool data_only = false;                  // wcm:dataOnly

  bool operator==(const ComponentSetting&) const = default;
};

struct ServiceAction {
  std::string type;         // none, restartService, …
  std::uint32_t delay = 0;  // milliseconds

  bool operator==(const ServiceAction&) const = default;
};

struct ServiceFailureActions {
  std::uint32_t reset_period = 0;  // seconds
  std::string command = {};
  std::string reboot_message = {};
  std::vector<ServiceAction> actions = {};

  bool operator==(const ServiceFailureActions&) const = default;
};

struct ServiceTriggerData {
  std::string type;
  std::string value;

  bool operator==(const ServiceTriggerData&) const = default;
};

struct ServiceTrigger {
  std::string type;     // DeviceInterfaceArrival, NetworkEndpointEvent, …
  std::string subtype;  // a GUID, or a name of one
  std::string action;   // start, stop
  std::vector<ServiceTriggerData> data = {};

  bool operator==(const ServiceTrigger&) const = default;
};

// <categoryMembership> typeName="Service" (4.7).
struct ComponentService {
  std::string name;
  std::string display_name;
  std::string description;
  std::string type = "win32OwnProcess";  // win32ShareProcess kernelDriver fileSystemDriver win32OwnProcess …
  std::string start = "demand";          // boot system auto delayedAuto demand disabled
  std::string error_control = "normal";  // ignore normal severe critical
  std::string image_path;
  std::string object_name;  // account, "" for drivers
  std::string group;
  std::vector<std::string> depends_on_services;
  std::vector<std::string> depends_on_groups = {};
  std::vector<std::string> required_privileges = {};
  std::string tag = {};                   // a number: the place among the drivers of `group`
  std::string sid_type = {};              // none unrestricted restricted
  std::string launch_protected = {};      // none windows windowsLight antimalwareLight …
  std::string failure_actions_flag = {};  // whether failure_actions hold for a service that stops with an error, too
  std::optional<ServiceFailureActions> failure_actions = {};
  std::vector<ServiceTrigger> triggers = {};
  std::string security_descriptor = {};  // of the service itself, not of its key: name of a SecurityDefinition

  bool operator==(const ComponentService&) const = default;
};

// One name for an ordered list that many components add to: a service to a group of svchost, a provider to an order, a
// folder to the search path.
struct ComponentListEntry {
  std::string list;  // `subcategory`: the group, "HwOrder\ProviderOrder", "path"
  std::string name;
  std::string position = "last";  // first, last

  bool operator==(const ComponentListEntry&) const = default;
};

// <channel> and <importChannel> of an event provider.
struct EventChannel {
  bool is_imported = false;  // another publisher's
  std::string name;
  std::string id;         // chid: how the provider's events name it
  std::string type;       // Admin, Operational, Analytic, Debug
  std::string enabled;    // true, false
  std::string isolation;  // Application, System, Custom
  std::string access;     // SDDL
  std::string value;      // its number among the provider's channels, "" when they are counted
  std::string max_size = {};
  std::string retention = {};
  std::string auto_backup = {};

  bool operator==(const EventChannel&) const = default;
};

// <provider> of <instrumentation>/<events>.
struct EventPublisher {
  std::string name;
  std::string guid;  // "{…}"
  std::string message_file;
  std::string resource_file;
  std::string parameter_file;
  std::vector<EventChannel> channels = {};

  bool operator==(const EventPublisher&) const = default;
};

// What only the installed system can do: an element that asks for it, with its attributes. <genericCommand>, <mof>,
// and <Task> with its URI and actions; of a file: <gac>, <ngen>, <lodctr>, <lodctrDat>.
struct FirstBootWork {
  std::string element;
  ManifestAttributes attributes;

  bool operator==(const FirstBootWork&) const = default;
};

}  // namespace winnow
