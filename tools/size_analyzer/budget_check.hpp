// Images against budget.xml: what each budget allows and what the image has, what is broken, by how much, because of
// what. The rules are in manifests/budget.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "manifest/budget_file.hpp"
#include "size_analyzer/blame.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

inline constexpr std::size_t kTopCauses = 5;

struct BudgetImage {
  ImageFacts facts;
  std::optional<ImageFacts> baseline;
};

// One <budget> of an image.
struct BudgetRow {
  Place place;
  Place limit_place;
  std::string image;
  std::string scope;
  BudgetMeasure measure = BudgetMeasure::normalised;
  BudgetSeverity severity = BudgetSeverity::error;
  ByteCount value = 0;
  std::optional<ByteCount> before;  // in the baseline
  std::optional<ByteCount> limit;   // as written
  std::optional<ByteCount> creep;   // of `creep` and `creep-percent`, the lower, in bytes
  ByteCount waived = 0;             // by waivers in force
  bool is_broken = false;
};

enum class FindingKind {
  over_limit,
  over_creep,
  forbidden,         // a component that must not be there
  missing_image,     // no <image> for it
  missing_baseline,  // none for the image, or none to compare creep with
  extra_baseline,    // a stored report of an image that no <image> names
  extra_budget,      // a scope that matches nothing
  expired_waiver,    // a note
  improvement,       // a note: the limit could be lower
};
[[nodiscard]] std::string_view to_string(FindingKind kind);  // "over-limit"

enum class FindingLevel { error, warning, note };
[[nodiscard]] std::string_view to_string(FindingLevel level);

struct BudgetFinding {
  FindingKind kind = FindingKind::over_limit;
  FindingLevel level = FindingLevel::error;
  Place place;
  std::string image;
  std::string text;                // "image shop is over budget: …", of one line
  std::string message;             // the file's own words; "" for none
  std::vector<std::string> notes;  // further lines
  BudgetMeasure measure = BudgetMeasure::normalised;
  std::vector<CauseRow> causes;        // of growth since the baseline, largest first, kTopCauses at most
  std::optional<ByteCount> new_limit;  // improvement, over_limit: what the limit would have to be
};

struct BudgetReport {
  std::string file;   // of the budget
  std::string today;  // the day waivers were compared with, and where it is from: "2026-11-22 (--today)"
  std::vector<std::string> images;
  std::vector<BudgetRow> rows;
  std::vector<BudgetFinding> findings;  // errors first, then warnings, then notes; in the order of the file

  [[nodiscard]] bool is_over_budget() const;  // there is an error
};

struct BudgetDay {
  std::string date;    // "2026-11-22"
  std::string source;  // "--today"
};

// `baseline_names`: the reports of a folder of baselines (file names without extension); nullopt when it is no folder.
// Errors: a `kind` that no file has a name for, and those of diff_facts().
[[nodiscard]] Result<BudgetReport> check_budget(const BudgetFile& budget, const std::vector<BudgetImage>& images,
                                                const BudgetDay& today,
                                                const std::optional<std::vector<std::string>>& baseline_names);

// The names an image is known by: file name, that without extension, tag.
[[nodiscard]] std::vector<std::string> names_of(const ImageFacts& facts);
// "node-hello" of "node-hello.tar"
[[nodiscard]] std::string short_name(const std::string& name);
[[nodiscard]] std::int64_t value_of(const CauseRow& row, BudgetMeasure measure);

}  // namespace winnow
