// RegistryPlan -> the hive files of an image: the five that every Windows base layer must have, and NTUSER.DAT of the
// default user when the plan says something about new users.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "plan/registry_plan.hpp"

namespace winnow {

struct HiveFile {
  HiveId id = HiveId::software;
  Bytes bytes;
};

// In the order of kAllHives. `time`: seconds since 1970, of every key. A hive the plan does not mention is one empty
// root.
[[nodiscard]] Result<std::vector<HiveFile>> write_registry_hives(const RegistryPlan& plan, std::int64_t time);

}  // namespace winnow
