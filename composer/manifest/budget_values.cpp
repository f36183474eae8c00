// The values of budget.xml: byte counts, dates, patterns.
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/utf16.hpp"
#include "manifest/budget_file.hpp"

namespace winnow {

namespace {

struct Unit {
  std::string_view name;
  ByteCount bytes;
};
constexpr std::array kUnits = {
    Unit{"", 1},       Unit{"kB", 1000},         Unit{"MB", 1000 * 1000},        Unit{"GB", 1000 * 1000 * 1000},
    Unit{"KiB", 1024}, Unit{"MiB", 1024 * 1024}, Unit{"GiB", 1024 * 1024 * 1024}};
constexpr ByteCount kMaxBudget = ByteCount{1} << 62;

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<ByteCount> number_of(std::string_view digits) {
  ByteCount number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (!is_digits(digits) || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

// `decimals` of a unit as bytes, when that is a whole number: "5" of "MB" is 500,000.
std::optional<ByteCount> fraction(std::string_view decimals, ByteCount unit) {
  constexpr std::size_t kMaxDecimals = 9;
  if (decimals.size() > kMaxDecimals) return std::nullopt;
  const auto number = number_of(decimals);
  if (!number) return std::nullopt;
  ByteCount scale = 1;
  for (std::size_t i = 0; i < decimals.size(); ++i) scale *= 10;
  if (*number * unit % scale != 0) return std::nullopt;
  return *number * unit / scale;
}

int days_in(int year, int month) {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays.at(static_cast<std::size_t>(month - 1)) + (month == 2 && is_leap ? 1 : 0);
}

}  // namespace

std::optional<ByteCount> parse_byte_count(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view digits = text.substr(0, end);
  std::string_view name = text.substr(end);
  if (name.starts_with(' ')) name.remove_prefix(1);
  if (name.empty() && end != text.size()) return std::nullopt;  // a blank and no unit
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    const std::size_t point = digits.find('.');
    const auto whole = number_of(digits.substr(0, point));
    if (!whole || *whole > kMaxBudget / unit.bytes) return std::nullopt;
    if (point == std::string_view::npos) return *whole * unit.bytes;
    const auto part = fraction(digits.substr(point + 1), unit.bytes);
    if (!part) return std::nullopt;
    return *whole * unit.bytes + *part;
  }
  return std::nullopt;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = number_of(text.substr(0, 4));
  const auto month = number_of(text.substr(5, 2));
  const auto day = number_of(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1) return false;
  return *day <= static_cast<ByteCount>(days_in(static_cast<int>(*year), static_cast<int>(*month)));
}

bool matches_pattern(const std::string& pattern, const std::string& text) {
  return ::fnmatch(ascii_lower(pattern).c_str(), ascii_lower(text).c_str(), FNM_NOESCAPE) == 0;
}

std::string_view to_string(BudgetMeasure measure) {
  constexpr std::array<std::string_view, 4> kNames = {"normalised", "logical", "allocated", "stored"};
  return kNames.at(static_cast<std::size_t>(measure));
}

std::string_view to_string(BudgetSeverity severity) { return severity == BudgetSeverity::error ? "error" : "warning"; }

std::string to_string(const BudgetScope& scope) {
  std::string text;
  const auto add = [&](std::string_view what, const std::string& value) {
    if (!value.empty()) text += (text.empty() ? "" : ", ") + std::string(what) + " " + value;
  };
  add("component", scope.component);
  add("owner", scope.owner);
  add("kind", scope.kind);
  add("language", scope.language);
  return text.empty() ? "the whole image" : text;
}

}  // namespace winnow
