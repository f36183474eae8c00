#include "size_analyzer/budget_check.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/nearest_name.hpp"
#include "size_analyzer/budget_scope.hpp"
#include "size_analyzer/report_text.hpp"
#include "size_analyzer/size_report.hpp"

namespace winnow {

namespace {

constexpr ByteCount kMinImprovement = 4096;
constexpr ByteCount kImprovementShare = 100;  // one part in a hundred of the limit

FindingLevel level_of(BudgetSeverity severity) {
  return severity == BudgetSeverity::error ? FindingLevel::error : FindingLevel::warning;
}

// `milli_percent` thousandths of a percent of `bytes`, rounded down; what does not fit is the largest number.
ByteCount share_of(ByteCount bytes, std::uint32_t milli_percent) {
  constexpr ByteCount kWhole = 100'000;
  ByteCount whole = 0;
  if (__builtin_mul_overflow(bytes / kWhole, ByteCount{milli_percent}, &whole)) {
    return std::numeric_limits<ByteCount>::max();
  }
  return whole + bytes % kWhole * milli_percent / kWhole;
}

ByteCount add_capped(ByteCount a, ByteCount b) {
  ByteCount sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<ByteCount>::max() : sum;
}

std::string bytes_text(ByteCount bytes, BudgetMeasure measure) {
  return grouped_digits(bytes) + " " + std::string(to_string(measure)) + " bytes";
}

// One image against all that the file says of it.
class ImageCheck {
 public:
  ImageCheck(const BudgetImage& image, const BudgetDay& today, BudgetReport& report)
      : image_(image), name_(short_name(image.facts.name)), today_(today), report_(report) {}

  Result<void> compare_with_baseline() {
    if (!image_.baseline) return {};
    WINNOW_TRY(diff_, diff_facts(*image_.baseline, image_.facts));
    causes_ = blame(*image_.baseline, image_.facts, *diff_);
    return {};
  }

  void check(const ImageBudget& budget) {
    for (const BudgetRule& rule : budget.rules) check_rule(rule);
    for (const ForbiddenComponent& forbidden : budget.forbidden) check_forbidden(forbidden);
  }

 private:
  void check_rule(const BudgetRule& rule) {
    const ScopedSize size = size_in_scope(image_.facts, rule.scope, rule.measure);
    BudgetRow row;
    row.place = rule.place;
    row.limit_place = rule.limit_place;
    row.image = name_;
    row.scope = to_string(rule.scope);
    row.measure = rule.measure;
    row.severity = rule.severity;
    row.value = size.bytes;
    row.limit = rule.limit;
    row.waived = waived(rule.waivers);
    bool is_there = size.is_there;
    if (image_.baseline) {
      const ScopedSize before = size_in_scope(*image_.baseline, rule.scope, rule.measure);
      is_there = is_there || before.is_there;
      row.before = before.bytes;
      row.creep = creep_of(rule, before.bytes);
    }
    const std::size_t before = report_.findings.size();
    check_limit(rule, row);
    check_creep(rule, row);
    const auto is_breach = [](const BudgetFinding& finding) { return finding.level != FindingLevel::note; };
    row.is_broken =
        std::any_of(report_.findings.begin() + static_cast<std::ptrdiff_t>(before), report_.findings.end(), is_breach);
    if (!is_there && !rule.is_optional) {
      add(FindingKind::extra_budget, rule, "image " + name_ + " has nothing that the budget is about: " + row.scope);
      row.is_broken = true;
    }
    if (!row.is_broken && is_there) propose(rule, row);
    report_.rows.push_back(std::move(row));
  }

  void check_limit(const BudgetRule& rule, const BudgetRow& row) {
    if (!rule.limit) return;
    const ByteCount allowed = add_capped(*rule.limit, row.waived);
    if (row.value <= allowed) return;
    BudgetFinding& finding =
        add(FindingKind::over_limit, rule,
            "image " + name_ + " is over budget: " + row.scope + " has " + bytes_text(row.value, rule.measure) + ", " +
                grouped_digits(row.value - allowed) + " more than the limit of " + grouped_digits(allowed) +
                percent_over(row.value, allowed));
    finding.new_limit = row.value;
    explain(finding, rule, row);
  }

  void check_creep(const BudgetRule& rule, const BudgetRow& row) {
    if (!rule.creep && !rule.creep_milli_percent) return;
    if (!image_.baseline) {
      add(FindingKind::missing_baseline, rule, "image " + name_ + " has no baseline to compare its creep with")
          .notes.push_back("give its last report: --against REPORT");
      return;
    }
    const ByteCount allowed = add_capped(*row.creep, row.waived);
    if (row.value <= *row.before || row.value - *row.before <= allowed) return;
    const ByteCount growth = row.value - *row.before;
    BudgetFinding& finding =
        add(FindingKind::over_creep, rule,
            "image " + name_ + " grew too much: " + row.scope + " has " + bytes_text(row.value, rule.measure) + ", " +
                grouped_digits(growth) + " more than the baseline's " + grouped_digits(*row.before) + ", " +
                grouped_digits(growth - allowed) + " more than the " + grouped_digits(allowed) + " it may grow");
    explain(finding, rule, row);
  }

  // The lower of what `creep` and `creep-percent` allow.
  static std::optional<ByteCount> creep_of(const BudgetRule& rule, ByteCount before) {
    std::optional<ByteCount> creep = rule.creep;
    if (rule.creep_milli_percent) {
      const ByteCount share = share_of(before, *rule.creep_milli_percent);
      creep = creep ? std::min(*creep, share) : share;
    }
    return creep;
  }

  static std::string percent_over(ByteCount value, ByteCount limit) {
    if (limit == 0) return "";
    return " (" + percent_text(limit, static_cast<std::int64_t>(value - limit)) + ")";
  }

  // What grew in the scope since the baseline, and which waivers do not help any more.
  void explain(BudgetFinding& finding, const BudgetRule& rule, const BudgetRow& row) {
    finding.measure = rule.measure;
    finding.message = rule.message;
    for (const BudgetWaiver& waiver : rule.waivers) {
      finding.notes.push_back((is_in_force(waiver) ? "waived: " : "expired: ") + grouped_digits(waiver.bytes) +
                              " bytes by " + waiver.who + " until " + waiver.expires + ": " + waiver.why);
    }
    if (!diff_) {
      finding.notes.emplace_back("no baseline was given, so nobody can be blamed: --against REPORT");
      return;
    }
    finding.causes = growth(rule);
    if (finding.causes.empty()) {
      finding.notes.push_back("it did not grow since the baseline, which has " + grouped_digits(*row.before));
    }
  }

  [[nodiscard]] std::vector<CauseRow> growth(const BudgetRule& rule) const {
    std::vector<CauseRow> rows = sum_causes(*diff_, causes_, pieces_in_scope(*diff_, rule.scope));
    std::erase_if(rows, [&](const CauseRow& row) { return value_of(row, rule.measure) <= 0; });
    std::stable_sort(rows.begin(), rows.end(), [&](const CauseRow& a, const CauseRow& b) {
      return value_of(a, rule.measure) > value_of(b, rule.measure);
    });
    if (rows.size() > kTopCauses) rows.resize(kTopCauses);
    return rows;
  }

  void propose(const BudgetRule& rule, const BudgetRow& row) {
    if (!rule.limit || row.value >= *rule.limit) return;
    const ByteCount below = *rule.limit - row.value;
    if (below <= kMinImprovement || below <= *rule.limit / kImprovementShare) return;
    BudgetFinding& finding =
        add(FindingKind::improvement, rule,
            "image " + name_ + " is " + grouped_digits(below) + " bytes below its limit: " + row.scope +
                " could have limit=\"" + std::to_string(row.value) + "\"");
    finding.level = FindingLevel::note;
    finding.new_limit = row.value;
  }

  void check_forbidden(const ForbiddenComponent& forbidden) {
    const bool is_waived = std::any_of(forbidden.waivers.begin(), forbidden.waivers.end(),
                                       [&](const BudgetWaiver& waiver) { return is_in_force(waiver); });
    for (std::size_t i = 1; i < image_.facts.owners.size() && !is_waived; ++i) {
      const OwnerFacts& owner = image_.facts.owners[i];
      if (owner.kind != OwnerType::component || !matches_pattern(forbidden.component, owner.name)) continue;
      BudgetFinding finding;
      finding.kind = FindingKind::forbidden;
      finding.level = level_of(forbidden.severity);
      finding.place = forbidden.place;
      finding.image = name_;
      finding.text = "image " + name_ + " has forbidden component " + owner.name;
      finding.message = forbidden.message;
      if (!owner.reason.empty()) finding.notes.push_back("it is there because " + owner.reason);
      add_forbidden_cause(finding, i);
      report_.findings.push_back(std::move(finding));
    }
  }

  void add_forbidden_cause(BudgetFinding& finding, std::size_t owner) const {
    if (!diff_) return;
    const auto is_of_owner = [&](const DiffPiece& piece) {
      return piece.owner != kNoRow && diff_->owners[piece.owner].index.after == owner &&
             diff_->owners[piece.owner].index.before == kNoMatch;
    };
    finding.causes = sum_causes(*diff_, causes_, is_of_owner);
    if (finding.causes.size() > kTopCauses) finding.causes.resize(kTopCauses);
  }

  [[nodiscard]] bool is_in_force(const BudgetWaiver& waiver) const { return today_.date <= waiver.expires; }

  [[nodiscard]] ByteCount waived(const std::vector<BudgetWaiver>& waivers) const {
    ByteCount bytes = 0;
    for (const BudgetWaiver& waiver : waivers) {
      if (is_in_force(waiver)) bytes = add_capped(bytes, waiver.bytes);
    }
    return bytes;
  }

  BudgetFinding& add(FindingKind kind, const BudgetRule& rule, std::string text) {
    BudgetFinding finding;
    finding.kind = kind;
    finding.level = level_of(rule.severity);
    finding.place = rule.place;
    finding.image = name_;
    finding.text = std::move(text);
    finding.measure = rule.measure;
    return report_.findings.emplace_back(std::move(finding));
  }

  const BudgetImage& image_;
  std::string name_;
  const BudgetDay& today_;
  BudgetReport& report_;
  std::optional<FactsDiff> diff_;
  std::vector<PieceCause> causes_;
};

bool names_image(const ImageBudget& budget, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return matches_pattern(budget.name, name); });
}

void add_file_finding(BudgetReport& report, FindingKind kind, Place place, const std::string& image, std::string text,
                      std::vector<std::string> notes) {
  BudgetFinding finding;
  finding.kind = kind;
  finding.place = std::move(place);
  finding.image = image;
  finding.text = std::move(text);
  finding.notes = std::move(notes);
  report.findings.push_back(std::move(finding));
}

Result<void> check_image(const BudgetFile& budget, const BudgetImage& image, const BudgetDay& today, bool has_folder,
                         BudgetReport& report) {
  ImageCheck check(image, today, report);
  WINNOW_CHECK(check.compare_with_baseline());
  const std::string name = short_name(image.facts.name);
  const std::vector<std::string> names = names_of(image.facts);
  report.images.push_back(name);
  const ImageBudget* first = nullptr;
  for (const ImageBudget& entry : budget.images) {
    if (!names_image(entry, names)) continue;
    if (first == nullptr) first = &entry;
    check.check(entry);
  }
  if (first == nullptr) {
    add_file_finding(report, FindingKind::missing_image, {budget.file, 0, 0}, name, "image " + name + " has no budget",
                     {"add <image name=\"" + name + "\"> with its limits"});
  } else if (has_folder && !image.baseline) {
    add_file_finding(report, FindingKind::missing_baseline, first->place, name,
                     "image " + name + " has no baseline in the folder of baselines",
                     {"store one: winnow size IMAGE --save DIR/" + name + ".json"});
  }
  return {};
}

Result<void> check_kinds(const BudgetFile& budget) {
  Diagnostics faults;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kByteKindCount; ++i) names.push_back(to_string(static_cast<ByteKind>(i)));
  for (const ImageBudget& image : budget.images) {
    for (const BudgetRule& rule : image.rules) {
      if (rule.scope.kind.empty() || kind_named(rule.scope.kind)) continue;
      faults.add(rule.place, "cannot check kind \"" + rule.scope.kind + "\": no bytes are of that kind",
                 did_you_mean(nearest_name(rule.scope.kind, names)));
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

void add_expired_waivers(const BudgetFile& budget, const BudgetDay& today, BudgetReport& report) {
  const auto add = [&](const std::vector<BudgetWaiver>& waivers, const std::string& image) {
    for (const BudgetWaiver& waiver : waivers) {
      if (today.date <= waiver.expires) continue;
      add_file_finding(report, FindingKind::expired_waiver, waiver.place, image,
                       "the waiver of " + waiver.who + " expired on " + waiver.expires + ": " + waiver.why, {});
      report.findings.back().level = FindingLevel::note;
    }
  };
  for (const ImageBudget& image : budget.images) {
    for (const BudgetRule& rule : image.rules) add(rule.waivers, image.name);
    for (const ForbiddenComponent& forbidden : image.forbidden) add(forbidden.waivers, image.name);
  }
}

}  // namespace

std::string_view to_string(FindingKind kind) {
  constexpr std::array<std::string_view, 9> kNames = {"over-limit",    "over-creep",       "forbidden-component",
                                                      "missing-image", "missing-baseline", "extra-baseline",
                                                      "extra-budget",  "expired-waiver",   "improvement"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string_view to_string(FindingLevel level) {
  constexpr std::array<std::string_view, 3> kNames = {"error", "warning", "note"};
  return kNames.at(static_cast<std::size_t>(level));
}

bool BudgetReport::is_over_budget() const {
  return std::any_of(findings.begin(), findings.end(),
                     [](const BudgetFinding& finding) { return finding.level == FindingLevel::error; });
}

std::string short_name(const std::string& name) {
  constexpr std::array<std::string_view, 9> kExtensions = {".tar", ".vhd",  ".vhdx", ".raw", ".img",
                                                           ".wim", ".json", ".iso",  ".gz"};
  std::string text = name;
  for (bool is_cut = true; is_cut;) {
    is_cut = false;
    for (const std::string_view extension : kExtensions) {
      if (text.size() <= extension.size() || !text.ends_with(extension)) continue;
      text.resize(text.size() - extension.size());
      is_cut = true;
    }
  }
  return text;
}

std::vector<std::string> names_of(const ImageFacts& facts) {
  std::vector<std::string> names = {facts.name, short_name(facts.name)};
  if (!facts.tag.empty()) names.push_back(facts.tag);
  return names;
}

std::int64_t value_of(const CauseRow& row, BudgetMeasure measure) {
  switch (measure) {
    case BudgetMeasure::logical:
      return row.change.logical;
    case BudgetMeasure::allocated:
      return row.change.allocated;
    case BudgetMeasure::stored:
      return row.change.stored;
    case BudgetMeasure::normalised:
      break;
  }
  return row.normalised;
}

Result<BudgetReport> check_budget(const BudgetFile& budget, const std::vector<BudgetImage>& images,
                                  const BudgetDay& today,
                                  const std::optional<std::vector<std::string>>& baseline_names) {
  WINNOW_CHECK(check_kinds(budget));
  BudgetReport report;
  report.file = budget.file;
  report.today = today.date + " (" + today.source + ")";
  for (const BudgetImage& image : images) {
    WINNOW_CHECK(check_image(budget, image, today, baseline_names.has_value(), report));
  }
  for (const std::string& name : baseline_names.value_or(std::vector<std::string>{})) {
    const bool is_known = std::any_of(budget.images.begin(), budget.images.end(),
                                      [&](const ImageBudget& entry) { return matches_pattern(entry.name, name); });
    if (is_known) continue;
    add_file_finding(report, FindingKind::extra_baseline, {budget.file, 0, 0}, name,
                     "baseline " + name + " is of an image that has no budget",
                     {"add <image name=\"" + name + "\">, or remove the baseline"});
  }
  add_expired_waivers(budget, today, report);
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const BudgetFinding& a, const BudgetFinding& b) { return a.level < b.level; });
  return report;
}

}  // namespace winnow
