// "did you mean …": the known name that a misspelt one most likely stands for.
#pragma once

#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

// The candidate with the fewest edits (insert, delete, replace, swap of neighbours; ASCII case is free) from `name`,
// the first in bytewise order among equals; "" when even that one differs in more than a third of the longer name.
[[nodiscard]] std::string nearest_of(std::string_view name, std::span<const std::string_view> candidates);

// The same for any range of strings.
template <std::ranges::input_range Names>
[[nodiscard]] std::string nearest_name(std::string_view name, const Names& candidates) {
  std::vector<std::string_view> views;
  for (const auto& candidate : candidates) views.emplace_back(candidate);
  return nearest_of(name, views);
}

// The note of a message about it: `did you mean "…"?`; none when nothing is near.
[[nodiscard]] std::vector<std::string> did_you_mean(const std::string& nearest);

}  // namespace winnow
