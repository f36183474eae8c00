#include "size_analyzer/registry_facts.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/utf16.hpp"

namespace winnow {

namespace {

constexpr std::array<std::string_view, 5> kStarts = {"boot", "system", "automatic", "manual", "disabled"};
constexpr std::uint32_t kDriverTypes = 0x0B;   // SERVICE_KERNEL_DRIVER, FILE_SYSTEM_DRIVER, RECOGNIZER_DRIVER
constexpr std::uint32_t kProcessTypes = 0x30;  // SERVICE_WIN32_OWN_PROCESS, SHARE_PROCESS

const RegistryTree* child(const RegistryTree* key, std::string_view name) {
  if (key == nullptr) return nullptr;
  const auto found = std::find_if(key->children.begin(), key->children.end(),
                                  [&](const RegistryTree& item) { return ascii_iequals(item.name, name); });
  return found == key->children.end() ? nullptr : &*found;
}

const RegistryTree* descend(const RegistryTree* key, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) key = child(key, name);
  return key;
}

const RegistryTree::Value* value_of(const RegistryTree* key, std::string_view name) {
  if (key == nullptr) return nullptr;
  const auto found = std::find_if(key->values.begin(), key->values.end(),
                                  [&](const RegistryTree::Value& item) { return ascii_iequals(item.name, name); });
  return found == key->values.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> number_of(const RegistryTree* key, std::string_view name) {
  const RegistryTree::Value* value = value_of(key, name);
  return value == nullptr ? std::nullopt : read_le<std::uint32_t>(value->data, 0);
}

std::string text_of(const RegistryTree* key, std::string_view name) {
  const RegistryTree::Value* value = value_of(key, name);
  if (value == nullptr) return "";
  const std::string text = from_utf16le(value->data).value_or("");
  return text.substr(0, text.find('\0'));
}

void count(const RegistryTree& key, RegistryFacts& facts) {
  facts.values += key.values.size();
  facts.keys += key.children.size();
  for (const RegistryTree& below : key.children) count(below, facts);
}

// Keys with both numbers are services; others hold only performance counters or event sources.
void add_services(const RegistryTree& hive, RegistryFacts& facts) {
  const std::uint32_t current = number_of(child(&hive, "Select"), "Current").value_or(1);
  std::string number = std::to_string(current);
  if (number.size() < 3) number.insert(0, 3 - number.size(), '0');
  const RegistryTree* services = descend(&hive, {"ControlSet" + number, "Services"});
  if (services == nullptr) return;
  facts.services.emplace();
  for (const RegistryTree& key : services->children) {
    const auto type = number_of(&key, "Type");
    const auto start = number_of(&key, "Start");
    if (!type || !start || *start >= kStarts.size() || (*type & (kDriverTypes | kProcessTypes)) == 0) continue;
    facts.services->push_back({key.name, std::string(kStarts[*start]), (*type & kDriverTypes) != 0,
                               text_of(&key, "ImagePath"), text_of(child(&key, "Parameters"), "ServiceDll")});
  }
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// The program of a command line: quoted, or up to the extension or the first space.
std::string program_of(const std::string& command) {
  if (command.starts_with('"')) return command.substr(1, command.find('"', 1) - 1);
  for (const std::string_view end : {".exe", ".sys", ".dll"}) {
    const std::size_t place = command.find(end);
    if (place != std::string::npos) return command.substr(0, place + end.size());
  }
  return command.substr(0, command.find(' '));
}

}  // namespace

void add_hive(const RegistryTree& hive, const std::string& path, RegistryFacts& facts) {
  ++facts.hives;
  count(hive, facts);
  const std::string name = name_of(path);
  if (ascii_iequals(name, "SYSTEM")) add_services(hive, facts);
  if (!ascii_iequals(name, "SOFTWARE")) return;
  const RegistryTree* classes = descend(&hive, {"Classes", "CLSID"});
  facts.com_classes = classes == nullptr ? 0 : classes->children.size();
  const RegistryTree* tasks =
      descend(&hive, {"Microsoft", "Windows NT", "CurrentVersion", "Schedule", "TaskCache", "Tasks"});
  if (tasks != nullptr) facts.scheduled_tasks = tasks->children.size();
}

std::string file_of_service(const RegistryService& service) {
  std::string text = ascii_lower(service.service_dll.empty() ? service.image_path : service.service_dll);
  std::replace(text.begin(), text.end(), '\\', '/');
  text = program_of(text);
  if (text.empty()) return service.is_driver ? "windows/system32/drivers/" + ascii_lower(service.name) + ".sys" : "";
  for (const std::string_view prefix : {"/\x3f\x3f/", "//\x3f/"}) {
    if (text.starts_with(prefix)) text.erase(0, prefix.size());
  }
  for (const std::string_view root : {"%systemroot%/", "/systemroot/", "%windir%/", "c:/windows/"}) {
    if (text.starts_with(root)) return "windows/" + text.substr(root.size());
  }
  for (const std::string_view root : {"c:/", "%systemdrive%/"}) {
    if (text.starts_with(root)) return text.substr(root.size());
  }
  if (text.starts_with("%programfiles%/")) return "program files/" + text.substr(15);
  if (text.starts_with("/")) return text.substr(1);
  return "windows/" + text;  // relative names are the loader's: "system32/drivers/disk.sys"
}

}  // namespace winnow
