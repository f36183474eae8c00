// A Debian package index as a Universe: real metadata for tests and benchmarks of the solver. Every package version is
// a node of Installed-Size bytes; Depends and Pre-Depends are needs, Recommends are recommended, Conflicts and Breaks
// exclude. At most one version of a name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/goal.hpp"
#include "resolve/universe.hpp"

namespace winnow::testing {

// The text of all Packages files that apt has on this machine; nothing when it has none.
[[nodiscard]] std::optional<std::string> read_debian_index();

struct DebianUniverse {
  Universe universe;
  std::vector<std::string> required;  // names of the packages of Priority: required, sorted
};

[[nodiscard]] DebianUniverse make_debian_universe(std::string_view packages);
// Only what `names` and Priority: required can reach through Depends and Pre-Depends, without recommendations: the same
// problems, made much faster.
[[nodiscard]] DebianUniverse make_debian_universe_for(std::string_view packages, const std::vector<std::string>& names);

// Asks for each of `names`, in any version, the newest preferred. Throws std::runtime_error for a name nobody has.
[[nodiscard]] Goal make_debian_goal(const Universe& universe, const std::vector<std::string>& names);

}  // namespace winnow::testing
