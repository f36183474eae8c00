// The field's words for how one version must stand to another (servicing.md 3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

enum class VersionCompare : std::uint8_t { eq, ne, lt, le, gt, ge };
inline constexpr std::array<std::string_view, 6> kVersionCompareWords = {"EQ", "NE", "LT", "LE", "GT", "GE"};

[[nodiscard]] constexpr std::string_view to_string(VersionCompare compare) {
  return kVersionCompareWords[static_cast<std::size_t>(compare)];
}
// Nothing for another word; their case counts.
[[nodiscard]] constexpr std::optional<VersionCompare> parse_version_compare(std::string_view word) {
  for (std::size_t i = 0; i < kVersionCompareWords.size(); ++i) {
    if (kVersionCompareWords[i] == word) return static_cast<VersionCompare>(i);
  }
  return std::nullopt;
}

// Does what is there stand to what was asked for as it must: versions, or single parts of them.
template <class T>
[[nodiscard]] bool is_as_asked(VersionCompare compare, const T& present, const T& asked) {
  switch (compare) {
    case VersionCompare::eq:
      return present == asked;
    case VersionCompare::ne:
      return present != asked;
    case VersionCompare::lt:
      return present < asked;
    case VersionCompare::le:
      return present <= asked;
    case VersionCompare::gt:
      return present > asked;
    case VersionCompare::ge:
      break;
  }
  return present >= asked;
}

}  // namespace winnow
