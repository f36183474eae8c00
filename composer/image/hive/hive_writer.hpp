// Writes a registry hive (regf 1.5, or 1.3 for BCD stores) in one go: keys sorted, no slack beyond alignment, the same
// bytes for the same tree. Layout and its sources: formats/regf.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

struct HiveValue {
  std::string name;  // "" = default value
  std::uint32_t type = 1;
  Bytes data;
};

struct HiveKey {
  std::string name;
  std::vector<HiveValue> values;  // any order; written in the order given
  std::vector<HiveKey> children;  // any order; written sorted by upper-cased name
  std::uint32_t security = 0;     // index into HiveOptions::security_descriptors
};

struct HiveOptions {
  std::string file_name;                    // tail stored in the base block: "SOFTWARE"
  std::string root_name;                    // name of the root key node
  std::uint64_t time = 0;                   // FILETIME of every key
  std::uint32_t minor_version = 5;          // 5 for system hives, 3 for BCD
  std::vector<Bytes> security_descriptors;  // self-relative; at least one
};

// Error names the key and the limit: a name over 255 units, a value over 1 MiB-ish limits, two names that differ only
// in case, text that is not UTF-8, a hive over 2 GiB, keys nested over 512 levels.
[[nodiscard]] Result<Bytes> write_hive(const HiveKey& root, const HiveOptions& options);

}  // namespace winnow
