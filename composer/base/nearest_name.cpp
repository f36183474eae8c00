#include "base/nearest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/utf16.hpp"

namespace winnow {
namespace {

// Longer names are compared with nothing: the cost is the product of both lengths, and nobody misspells such a name.
constexpr std::size_t kMaxComparedLength = 256;

// Optimal string alignment distance, or nothing when it exceeds `limit`. Keeps three rows of the table.
std::optional<std::size_t> edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit) return std::nullopt;
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) > limit) return std::nullopt;
  }
  return row.back() > limit ? std::nullopt : std::optional(row.back());
}

}  // namespace

std::string nearest_of(std::string_view name, std::span<const std::string_view> candidates) {
  if (name.empty() || name.size() > kMaxComparedLength) return {};
  const std::string lower = ascii_lower(name);
  std::string_view nearest;
  std::size_t fewest = kMaxComparedLength;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kMaxComparedLength) continue;
    const std::size_t limit = std::min(fewest, std::max(name.size(), candidate.size()) / 3);
    const auto distance = edit_distance(lower, ascii_lower(candidate), limit);
    if (!distance) continue;
    if (nearest.empty() || *distance < fewest || candidate < nearest) nearest = candidate;
    fewest = std::min(fewest, *distance);
  }
  return std::string(nearest);
}

std::vector<std::string> did_you_mean(const std::string& nearest) {
  if (nearest.empty()) return {};
  return {"did you mean \"" + nearest + "\"?"};
}

}  // namespace winnow
