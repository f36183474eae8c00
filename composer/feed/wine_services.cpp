#include "feed/wine_services.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/utf16.hpp"
#include "feed/inf_registry.hpp"

namespace winnow {
namespace {

using NumberWord = std::pair<std::uint32_t, std::string_view>;

// winnt.h: SERVICE_*; the words are those of servicing's serviceData. The interactive bit has no word and no use here.
constexpr std::uint32_t kInteractive = 0x100;
constexpr std::array<NumberWord, 4> kTypes = {
    {{0x1, "kernelDriver"}, {0x2, "fileSystemDriver"}, {0x10, "win32OwnProcess"}, {0x20, "win32ShareProcess"}}};
constexpr std::array<NumberWord, 5> kStarts = {
    {{0, "boot"}, {1, "system"}, {2, "auto"}, {3, "demand"}, {4, "disabled"}}};
constexpr std::array<NumberWord, 4> kErrorControls = {{{0, "ignore"}, {1, "normal"}, {2, "severe"}, {3, "critical"}}};

constexpr std::string_view kServicesKey = "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\";

class ServiceReader {
 public:
  ServiceReader(const InfFile& inf, std::string section) : inf_(inf), section_(std::move(section)) {}

  Result<WineService> read(const std::string& name) const {
    WineService result;
    ComponentService& service = result.service;
    service.name = name;
    service.display_name = text("DisplayName");
    service.description = text("Description");
    service.group = text("LoadOrderGroup");
    service.image_path = text("ServiceBinary");
    WINNOW_TRY(service.type, word("ServiceType", kTypes, kInteractive));
    WINNOW_TRY(service.start, word("StartType", kStarts, 0));
    WINNOW_TRY(service.error_control, word("ErrorControl", kErrorControls, 0));
    if (service.type.starts_with("win32")) service.object_name = "LocalSystem";
    result.program = file_name(service.image_path);
    if (result.program.empty()) return fail("it has no ServiceBinary");
    RegistryKeys keys;
    for (const std::string& section : inf_.values(section_, "AddReg")) {
      WINNOW_CHECK(add_inf_registry(inf_, section, std::string(kServicesKey) + name, keys));
    }
    result.registry_keys = std::move(keys).take();
    result.service_dll = service_dll(result.registry_keys);
    return result;
  }

 private:
  [[nodiscard]] std::string text(std::string_view key) const {
    const std::vector<std::string> values = inf_.values(section_, key);
    return values.empty() ? "" : values.front();
  }

  template <std::size_t N>
  [[nodiscard]] Result<std::string> word(std::string_view key, const std::array<NumberWord, N>& words,
                                         std::uint32_t ignored_bits) const {
    std::string number_text = text(key);
    std::uint32_t number = 0;
    const bool hex = number_text.starts_with("0x") || number_text.starts_with("0X");
    const char* const end = number_text.data() + number_text.size();
    const auto [stop, fault] = std::from_chars(number_text.data() + (hex ? 2 : 0), end, number, hex ? 16 : 10);
    for (const auto& [value, name] : words) {
      if (fault == std::errc() && stop == end && (number & ~ignored_bits) == value) return std::string(name);
    }
    return fail(std::string(key) + " \"" + number_text + "\" is not known");
  }

  // "C:\windows\system32\svchost.exe -k netsvcs" -> "svchost.exe"
  static std::string file_name(std::string_view command) {
    const std::string_view last = command.substr(command.rfind('\\') + 1);
    return ascii_lower(last.substr(0, last.find(' ')));
  }

  static std::string service_dll(const std::vector<ComponentRegistryKey>& keys) {
    for (const ComponentRegistryKey& key : keys) {
      for (const ComponentRegistryValue& value : key.values) {
        if (!ascii_iequals(value.name, "ServiceDll")) continue;
        std::string path = from_utf16le(value.data).value_or("");
        while (path.ends_with('\0')) path.pop_back();
        return file_name(path);
      }
    }
    return "";
  }

  const InfFile& inf_;
  std::string section_;
};

}  // namespace

Result<std::vector<WineService>> read_wine_services(const InfFile& inf,
                                                    const std::vector<std::string>& install_sections) {
  std::vector<WineService> services;
  Diagnostics faults;
  for (const std::string& install_section : install_sections) {
    for (const InfLine& line : inf.section(install_section + ".Services")) {
      if (!ascii_iequals(line.key, "AddService")) continue;
      const std::string name = inf.expand(line.field(0));
      auto service = ServiceReader(inf, inf.expand(line.field(2))).read(name);
      if (!service) {
        const Fault& fault = service.error().faults().front();
        faults.add(fault.place.file.empty() ? inf.place(line) : fault.place,
                   "cannot read service \"" + name + "\": " + fault.message);
      } else {
        services.push_back(std::move(*service));
      }
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return services;
}

}  // namespace winnow
