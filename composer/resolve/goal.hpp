// What is wanted of a Universe: a request in terms of its nodes, and the policies of choosing. A Goal is a plain value;
// what-if questions are the same Goal with a line more or less.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "resolve/universe.hpp"

namespace winnow {

// One demand of the request: one of the nodes must be there.
struct GoalItem {
  std::vector<NodeId> any_of;  // in order of preference; empty = nobody provides it
  std::string from;            // "node-hello", "C:\app\node.exe"
  std::string text;            // "asks for role service-control", "imports KERNEL32.dll"
  std::string what;            // "service-control", "KERNEL32.dll": what `--drop` takes
  Place place;
  bool is_soft = false;  // a need of the app's binaries that may stay unmet (counts as a penalty)

  bool operator==(const GoalItem&) const = default;
};

struct GoalForbidden {
  NodeId node = 0;
  std::string text;  // "is excluded", "is not version 2.0, which is pinned", "forbidden by --forbid"
  Place place;

  bool operator==(const GoalForbidden&) const = default;
};

enum class RecommendedPolicy : std::uint8_t { off, if_free, on };
[[nodiscard]] std::string_view to_string(RecommendedPolicy policy);

struct Goal {
  std::string app;  // for messages
  std::vector<GoalItem> items;
  std::vector<GoalForbidden> forbidden;
  std::set<NodeId> omitted;  // taken as present, at no cost, and not chosen: `--without`

  std::set<std::string> languages;  // lower case
  RecommendedPolicy recommended = RecommendedPolicy::off;
  bool follow_soft_needs = false;  // delay imports and names of chosen nodes' own binaries (NeedsPolicy::all)
  SizeMeasure measure = SizeMeasure::allocated;
  // Keep the declared default of an any-of unless another saves at least so many bytes; 0 = bytes alone decide.
  std::uint64_t prefer_threshold = 0;
  // Nodes of a lock file: what leaves them, or comes beside them, counts as a change. Empty = no lock file counts.
  std::set<NodeId> keep;
  std::set<NodeId> free_to_change;  // of `lock --update NAME`: these neither count as kept nor as new

  bool operator==(const Goal&) const = default;
};

}  // namespace winnow
