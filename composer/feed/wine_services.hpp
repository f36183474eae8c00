// The services that wine.inf installs (its AddService lines), each with the module that runs it.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/inf_file.hpp"

namespace winnow {

struct WineService {
  ComponentService service;
  std::string program;      // file name of the image: "svchost.exe", "nsiproxy.sys"
  std::string service_dll;  // file name of the DLL that svchost.exe loads, "" when there is none
  std::vector<ComponentRegistryKey> registry_keys;
};

// From the sections "<install section>.Services". Collects every fault.
[[nodiscard]] Result<std::vector<WineService>> read_wine_services(const InfFile& inf,
                                                                  const std::vector<std::string>& install_sections);

}  // namespace winnow
