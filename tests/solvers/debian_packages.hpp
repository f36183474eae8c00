// The stanzas of a Debian Packages file, and the relations between packages that they state.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace winnow::testing {

// "name (>= version)"; all views look at the text that was read.
struct DebianRelation {
  std::string_view name, comparison, version;

  // Does a package of this name have it with `actual`? An empty comparison takes every version.
  [[nodiscard]] bool takes(std::string_view actual) const;
};

struct DebianPackage {
  std::string_view name, version, architecture, priority;
  std::uint64_t installed_size = 0;  // KiB
  std::string_view depends, pre_depends, recommends, conflicts, breaks, provides;
};

[[nodiscard]] std::vector<DebianPackage> read_debian_packages(std::string_view text);

// "a | b (>= 1), c" as groups of alternatives. Architecture qualifiers ("python3:any") are taken off.
[[nodiscard]] std::vector<std::vector<DebianRelation>> parse_debian_relations(std::string_view field);
// One group of the field as it is written, for people.
[[nodiscard]] std::vector<std::string_view> split_debian_groups(std::string_view field);

}  // namespace winnow::testing
