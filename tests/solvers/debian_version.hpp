// Debian's order of versions (deb-version(7)): "[epoch:]upstream[-revision]".
#pragma once

#include <string_view>

namespace winnow::testing {

// Below zero, zero or above zero, as `a` is older than, as old as or newer than `b`.
[[nodiscard]] int compare_debian_versions(std::string_view a, std::string_view b);
[[nodiscard]] inline bool is_older_debian_version(std::string_view a, std::string_view b) {
  return compare_debian_versions(a, b) < 0;
}

}  // namespace winnow::testing
