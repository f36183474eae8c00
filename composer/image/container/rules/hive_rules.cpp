#include <algorithm>

#include "formats/pax.hpp"
#include "image/container/rules/layer_rules.hpp"
#include "image/container/rules/standard_files.hpp"
#include "image/hive/hive_reader.hpp"

namespace winnow {

namespace {

// windows-formats.md 4.2 and 4.3: the boot manager's object, its element "default object", the type of a loader's
// object.
constexpr std::string_view kDefaultLoader = "Objects\\{9dea862c-5cdd-4e70-acc1-f32b344d4795}\\Elements\\23000003";
constexpr std::uint32_t kLoaderType = 0x10200003;
constexpr std::string_view kCurrentVersion = "Microsoft\\Windows NT\\CurrentVersion";

bool is_utility_hive(std::string_view name) {
  return std::find(kUtilityHives.begin(), kUtilityHives.end(), name) != kUtilityHives.end();
}

bool is_hive(std::string_view name) {
  return std::find(kBaseHives.begin(), kBaseHives.end(), name) != kBaseHives.end() || is_utility_hive(name);
}

std::optional<std::string> find_text(const Hive& hive, std::string_view key, std::string_view name) {
  const auto value = hive.find_value(key, name);
  return value ? to_text(*value) : std::nullopt;
}

std::optional<std::uint32_t> find_dword(const Hive& hive, std::string_view key, std::string_view name) {
  const auto value = hive.find_value(key, name);
  return value ? to_dword(*value) : std::nullopt;
}

// The hive states the parts one by one; hives before Windows 10 have no major and minor number.
std::optional<std::string> read_os_version(const Hive& hive) {
  const auto build = find_text(hive, kCurrentVersion, "CurrentBuildNumber");
  const auto revision = find_dword(hive, kCurrentVersion, "UBR");
  if (!build || !revision) return std::nullopt;
  const std::uint32_t major = find_dword(hive, kCurrentVersion, "CurrentMajorVersionNumber").value_or(10);
  const std::uint32_t minor = find_dword(hive, kCurrentVersion, "CurrentMinorVersionNumber").value_or(0);
  return std::to_string(major) + "." + std::to_string(minor) + "." + *build + "." + std::to_string(*revision);
}

std::optional<std::string> find_boot_fault(const Hive& hive) {
  const auto loader = find_text(hive, kDefaultLoader, "Element");
  if (!loader) return "its boot manager has no default object";
  const auto type = find_dword(hive, "Objects\\" + *loader + "\\Description", "Type");
  if (type != kLoaderType) return "its default object \"" + *loader + "\" is no loader";
  return std::nullopt;
}

}  // namespace

bool HiveRules::is_wanted(const LayerEntry& entry) {
  return entry.type == pax::kFile && (is_hive(entry.name) || entry.name == kUtilityBcd);
}

void HiveRules::check(const LayerEntry& entry) {
  const bool is_utility_root = entry.name == kUtilityFiles;
  if (is_utility_root || is_standard_file(entry.name)) present_.insert(entry.name);
}

void HiveRules::check_content(const LayerEntry& entry, ByteView content, std::vector<Violation>& violations) {
  const bool is_bcd = entry.name == kUtilityBcd;
  const auto hive = Hive::parse(content);
  if (!hive) {
    violations.push_back({is_bcd ? 9 : 8, entry.name, hive.error().faults().front().message});
    return;
  }
  if (entry.name == kSoftwareHive) os_version_ = read_os_version(*hive);
  if (!is_bcd) return;
  if (const auto fault = find_boot_fault(*hive)) violations.push_back({9, entry.name, *fault});
}

void HiveRules::finish(std::vector<Violation>& violations) const {
  const auto require = [&](int rule, std::string_view name) {
    if (!present_.contains(std::string(name))) violations.push_back({rule, std::string(name), "it is missing"});
  };
  for (const std::string_view name : kBaseHives) require(8, name);
  if (!present_.contains(std::string(kUtilityFiles))) return;
  for (const std::string_view name : kUtilityHives) require(8, name);
  require(9, kUtilityBcd);
  require(0, kUtilityBootManager);
}

}  // namespace winnow
