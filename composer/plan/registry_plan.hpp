// The registry of an image as data: five hives and those that are optional, each key and value with its owner.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/windows_path.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

enum class HiveId { default_user, sam, security, software, system, new_user, components };
inline constexpr std::array<HiveId, 7> kAllHives = {HiveId::default_user, HiveId::sam,    HiveId::security,
                                                    HiveId::software,     HiveId::system, HiveId::new_user,
                                                    HiveId::components};
// Whether an image has the hive only when something is in it: what is per user, and what only servicing reads.
[[nodiscard]] constexpr bool is_optional(HiveId hive) { return hive == HiveId::new_user || hive == HiveId::components; }

// Where the hive lies in an image: "Windows\System32\config\SOFTWARE"; new_user: "Users\Default\NTUSER.DAT".
[[nodiscard]] WindowsPath hive_path(HiveId hive);
// "SOFTWARE"
[[nodiscard]] std::string_view to_string(HiveId hive);

struct PlannedValue {
  std::string name;  // as written; "" = default value
  std::uint32_t type = 1;
  Bytes data;
  OwnerId owner = 0;
  bool overridable = false;  // may be replaced by another owner's value without being a conflict
};

// A key of a hive and everything below it. Maps are keyed by the upper-cased name, the registry's own order.
struct PlannedKey {
  std::string name;  // as first written
  OwnerId owner = 0;
  std::map<std::u16string, PlannedValue> values;
  std::map<std::u16string, PlannedKey> children;
  // Index into RegistryPlan::security_descriptors; a key without one inherits from the key above, the root has the
  // hive's own.
  std::optional<std::uint32_t> security = {};
};

struct RegistryPlan {
  std::vector<Bytes> security_descriptors = {};  // self-relative, each once
  std::map<HiveId, PlannedKey> hives;            // the root key of each hive that exists; its name is ""
};

}  // namespace winnow
