// What the hives of an image say: how many keys and values there are, and which services.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "image_reader/image_reader.hpp"

namespace winnow {

// A service or driver as the SYSTEM hive has it.
struct RegistryService {
  std::string name;
  std::string start;  // ServiceFacts::start
  bool is_driver = false;
  std::string image_path;   // as written; "" when absent
  std::string service_dll;  // Parameters\ServiceDll
};

struct RegistryFacts {
  std::uint64_t hives = 0;
  std::uint64_t keys = 0;  // without the hives' roots
  std::uint64_t values = 0;
  std::optional<std::uint64_t> com_classes;              // of SOFTWARE
  std::optional<std::uint64_t> scheduled_tasks;          // of SOFTWARE's task cache
  std::optional<std::vector<RegistryService>> services;  // of SYSTEM, in the order of the hive
};

// Adds one hive; `path` as ImageFile spells it tells which one it is.
void add_hive(const RegistryTree& hive, const std::string& path, RegistryFacts& facts);

// The file a service runs, as a path of the image in lower case: "windows/system32/drivers/disk.sys"; "" when it
// cannot be told. Arguments and quotes are taken off, %SystemRoot% and its like resolved.
[[nodiscard]] std::string file_of_service(const RegistryService& service);

}  // namespace winnow
