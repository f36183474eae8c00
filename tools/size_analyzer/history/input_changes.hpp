// What an image was made from, compared between two of its builds: the causes a growth can have besides the content of
// components.
#pragma once

#include <string>
#include <vector>

#include "size_analyzer/history/build_record.hpp"

namespace winnow {

// "feed open moved: 8.0~repack-4 -> 8.0~repack-5", "manifest changed: asks for role shell-ui", "Windows version moved:
// …"; none when nothing is known to have changed, or nothing is known.
[[nodiscard]] std::vector<std::string> feed_changes(const BuildRecord& before, const BuildRecord& now);
[[nodiscard]] std::vector<std::string> manifest_changes(const BuildRecord& before, const BuildRecord& now);

}  // namespace winnow
