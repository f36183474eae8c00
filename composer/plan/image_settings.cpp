#include "plan/image_settings.hpp"

#include "plan/registry_builder.hpp"

namespace winnow {

namespace {

ComponentRegistryKey environment(const std::string& architecture) {
  ComponentRegistryKey key;
  key.path = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment";
  const std::string processor = architecture == "arm64" ? "ARM64" : architecture == "x86" ? "x86" : "AMD64";
  key.values = {
      registry_text("ComSpec", "%SystemRoot%\\system32\\cmd.exe", RegistryType::expand_sz),
      registry_text("OS", "Windows_NT"),
      registry_text("Path", "%SystemRoot%\\system32;%SystemRoot%;%SystemRoot%\\System32\\Wbem",
                    RegistryType::expand_sz),
      registry_text("PATHEXT", ".COM;.EXE;.BAT;.CMD"),
      registry_text("PROCESSOR_ARCHITECTURE", processor),
      registry_text("TEMP", "%SystemRoot%\\TEMP", RegistryType::expand_sz),
      registry_text("TMP", "%SystemRoot%\\TEMP", RegistryType::expand_sz),
      registry_text("windir", "%SystemRoot%", RegistryType::expand_sz),
  };
  for (ComponentRegistryValue& value : key.values) value.keep_existing = true;
  return key;
}

// The names and types are those of a real image; CurrentVersion has said "6.3" since Windows 8.1, the Current*Number
// values say what is meant.
ComponentRegistryKey current_version(const Version& os_version) {
  ComponentRegistryKey key;
  key.path = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
  const std::string build = std::to_string(os_version.parts[2]);
  key.values = {
      registry_text("CurrentBuild", build),
      registry_text("CurrentBuildNumber", build),
      registry_dword("CurrentMajorVersionNumber", os_version.parts[0]),
      registry_dword("CurrentMinorVersionNumber", os_version.parts[1]),
      registry_text("CurrentType", "Multiprocessor Free"),
      registry_text("CurrentVersion", "6.3"),
      registry_text("InstallationType", "Nano Server"),
      registry_dword("UBR", os_version.parts[3]),
  };
  for (const char* name : {"PathName", "SystemRoot"}) {
    key.values.push_back(registry_text(name, "C:\\Windows"));
    key.values.back().keep_existing = true;
  }
  return key;
}

}  // namespace

std::vector<ComponentRegistryKey> image_registry_keys(const Version& os_version, const std::string& architecture) {
  ComponentRegistryKey select;
  select.path = "HKEY_LOCAL_MACHINE\\SYSTEM\\Select";
  select.values = {registry_dword("Current", 1), registry_dword("Default", 1), registry_dword("Failed", 0),
                   registry_dword("LastKnownGood", 1)};
  ComponentRegistryKey product;
  product.path = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions";
  product.values = {registry_text("ProductType", "ServerNT")};
  return {select, product, environment(architecture), current_version(os_version)};
}

}  // namespace winnow
