// The text forms of registry values (servicing.md 4.5) and back: valueType and value of <registryValue>.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

struct RegistryData {
  std::uint32_t type = 0;  // RegistryType, or the code an eight-digit valueType spells
  Bytes data;              // as stored in a hive

  bool operator==(const RegistryData&) const = default;
};

struct RegistryText {
  std::string value_type;
  std::string value;

  bool operator==(const RegistryText&) const = default;
};

// Errors: "cannot read valueType …" and "cannot read <type> value …".
[[nodiscard]] Result<RegistryData> parse_registry_text(std::string_view value_type, std::string_view value);

// The inverse: parse_registry_text gives `data` back, always. Text that XML cannot carry, and data that is not what its
// type promises, is written as the eight-digit type code with hex bytes.
[[nodiscard]] RegistryText print_registry_text(const RegistryData& data);

}  // namespace winnow
