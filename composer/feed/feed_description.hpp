// How the open feed is cut into packages: packages/open/feed.txt, read and applied. The file says itself how it is
// written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"

namespace winnow {

inline constexpr std::size_t kMaxDescriptionBytes = 1u << 20;

// A word of the description and where it stands.
struct DescribedName {
  std::string text;
  Place place;
};

struct RoleDescription {
  std::string name;  // package identifier: "service-control"
  std::string title;
  std::string description;
  bool product = false;                 // what every image of the feed starts from
  bool rest = false;                    // takes every component that no earlier role names
  std::vector<DescribedName> members;   // patterns over component names without their first word: "msvcr*.dll"
  std::vector<DescribedName> includes;  // other roles; "*" = all others
};

// Components that a component cannot work without although it does not import them.
struct NeedDescription {
  DescribedName component;
  std::vector<DescribedName> needs;
};

struct FeedDescription {
  std::string text;  // of the feed; $(version) stands for the Debian version
  std::vector<RoleDescription> roles;
  std::vector<NeedDescription> needs;
};

// Collects every fault: "file:line: cannot read feed description: <reason>".
[[nodiscard]] Result<FeedDescription> parse_feed_description(std::string_view text, const std::string& file);

// '*' is any text, '?' any character; ASCII letter case does not count.
[[nodiscard]] bool matches_pattern(std::string_view name, std::string_view pattern);
// What patterns are compared with: "Wine-kernel32.dll" -> "kernel32.dll", "Wine-Registry-Fonts" -> "Registry-Fonts".
[[nodiscard]] std::string_view member_name(std::string_view component_name);

// Which components a role holds.
struct RoleMembers {
  std::vector<std::vector<std::size_t>> members;  // by role: indexes into the component names, ascending
  std::vector<std::size_t> first_role;            // by component: the first role that names it
  std::vector<DescribedName> unmatched;           // patterns that no component answers to
};

// Every component must be in a role, and a pattern of a product role must match: "cannot use member …", "cannot place
// …".
[[nodiscard]] Result<RoleMembers> assign_roles(const FeedDescription& description,
                                               const std::vector<std::string>& component_names);

}  // namespace winnow
