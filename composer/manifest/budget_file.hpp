// budget.xml: how large images may be, who may be in them, and which exceptions were granted. manifests/budget.md says
// what each word means, manifests/budget.xsd the same to editors. Nothing is measured here
// (size_analyzer/budget_check.hpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

inline constexpr std::string_view kBudgetNamespace = "urn:winnow:budget:v1";
inline constexpr ByteCount kMaxBudgetFile = ByteCount{4} << 20;

enum class BudgetMeasure { normalised, logical, allocated, stored };
[[nodiscard]] std::string_view to_string(BudgetMeasure measure);

enum class BudgetSeverity { error, warning };
[[nodiscard]] std::string_view to_string(BudgetSeverity severity);

// An exception somebody granted: the limit is higher by `bytes` up to and including the day `expires`.
struct BudgetWaiver {
  Place place;
  std::string who;
  std::string why;
  ByteCount bytes = 0;  // 0 in a <forbid>, which it lifts altogether
  std::string expires;  // "2026-12-31"
};

// Which bytes of an image count; "" = all. Component and language are patterns (matches_pattern).
struct BudgetScope {
  std::string component;
  std::string owner;  // "component", "app", "winnow", "nobody"
  std::string kind;   // "library", as size reports name kinds
  std::string language;
};
// "the whole image"; "component Wine-*, kind library"
[[nodiscard]] std::string to_string(const BudgetScope& scope);

struct BudgetRule {
  Place place;        // of the element
  Place limit_place;  // of its attribute `limit`
  BudgetScope scope;
  BudgetMeasure measure = BudgetMeasure::normalised;
  std::optional<ByteCount> limit;
  std::optional<ByteCount> creep;                    // bytes more than the baseline
  std::optional<std::uint32_t> creep_milli_percent;  // "1.5" is 1500
  BudgetSeverity severity = BudgetSeverity::error;
  bool is_optional = false;  // its scope may match nothing
  std::string message;
  std::vector<BudgetWaiver> waivers;
};

struct ForbiddenComponent {
  Place place;
  std::string component;  // a pattern
  BudgetSeverity severity = BudgetSeverity::error;
  std::string message;
  std::vector<BudgetWaiver> waivers;
};

struct ImageBudget {
  Place place;
  std::string name;  // a pattern
  std::vector<BudgetRule> rules;
  std::vector<ForbiddenComponent> forbidden;
};

struct BudgetFile {
  std::string file;  // as in places
  std::vector<ImageBudget> images;
};

// All faults of the file at once, each with line and column.
[[nodiscard]] Result<BudgetFile> parse_budget_file(std::string_view text, const std::string& file);
[[nodiscard]] Result<BudgetFile> load_budget_file(const std::filesystem::path& file);

// The text with other limits: each place is one that BudgetRule::limit_place gave for this very text. All else,
// comments and blanks included, stays as it is. Error when a place does not hold an attribute.
[[nodiscard]] Result<std::string> replace_limits(std::string_view text, const std::string& file,
                                                 const std::vector<std::pair<Place, ByteCount>>& limits);

// '*' any text, '?' one character, '[a-z]' one of those; ASCII case is free.
[[nodiscard]] bool matches_pattern(const std::string& pattern, const std::string& text);

// "1500000", "1.5 MB", "4 KiB": bytes, kB, MB, GB (1000) and KiB, MiB, GiB (1024). Nothing when it is no such number or
// not a whole number of bytes.
[[nodiscard]] std::optional<ByteCount> parse_byte_count(std::string_view text);
// Whether it is a day of the calendar, "2026-02-28".
[[nodiscard]] bool is_date(std::string_view text);

}  // namespace winnow
