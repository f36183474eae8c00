// What must be installed, and why. A Solution is a plain comparable value: the same for any order of requests and
// feeds.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "catalog/catalog.hpp"

namespace winnow {

enum class ReasonKind {
  product,       // every image of the feed starts from it
  role,          // the manifest names the role
  feature,       // the manifest names the feature
  component,     // the manifest names the component
  dependency,    // a member's manifest depends on it
  language,      // a member's resources in a chosen language
  import,        // a binary imports from it
  delay_import,  // a binary imports from it on first use
  named,         // a binary names one of its modules
  recommended,   // a member's manifest recommends it
};

[[nodiscard]] std::string_view to_string(ReasonKind kind);
// Does a binary ask, and not a manifest?
[[nodiscard]] bool is_binary_need(ReasonKind kind);

// One step: `from` asked for the component. `by` is the member that asked; nothing when the request itself did.
struct Reason {
  ReasonKind kind = ReasonKind::role;
  std::optional<ComponentId> by;
  std::string from;  // "C:\app\node.exe", "ws2_32.dll", "role service-control"
  std::string need;  // "imports KERNEL32.dll", "names shell32.dll", "has member", "depends on"
  Place place;       // in the app manifest or the feed, where a file says so

  auto operator<=>(const Reason&) const = default;
};

struct Member {
  ComponentId id = 0;
  std::vector<Reason> reasons;  // never empty; the first one is on a shortest chain to the request
};

// A soft need that was not followed, or one of what was left out by force; for -v and `winnow plan`.
inline constexpr std::string_view kOmittedReason = "it is left out by force";
struct SkippedNeed {
  std::string from;
  std::string module;
  std::string why;

  auto operator<=>(const SkippedNeed&) const = default;
};

struct Solution {
  std::vector<Member> members;       // sorted by id
  std::vector<SkippedNeed> skipped;  // sorted, no duplicates
  std::vector<std::string> omitted;  // names of components the request left out by force, sorted

  [[nodiscard]] const Member* find(ComponentId id) const;
};

// Why no Solution exists: one fault for every need that cannot be met. A value, not an error (exit code 3).
struct Unsatisfiable {
  std::vector<Fault> faults;
};

using Resolution = std::variant<Solution, Unsatisfiable>;

// The chain that brought `id` in: from the request (first) to the reason of `id` itself (last).
// Precondition: `id` is a member.
struct ChainStep {
  Reason reason;
  ComponentId component = 0;  // what the step brought in
};
[[nodiscard]] std::vector<ChainStep> chain_to(const Solution& solution, ComponentId id);

}  // namespace winnow
