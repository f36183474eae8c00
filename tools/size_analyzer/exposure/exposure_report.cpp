#include "size_analyzer/exposure/exposure_report.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "base/nearest_name.hpp"
#include "size_analyzer/exposure/exposed_rows.hpp"

namespace winnow {
namespace {

using Side = SideExposure ExposedVulnerability::*;

// What of a bulletin touches one side.
struct BulletinSeverities {
  bool touched = false;
  bool maybe = false;
  Severity surely = Severity::unrated;    // highest of what touches
  Severity possibly = Severity::unrated;  // highest of what may
};

struct SideCounts {
  std::map<Severity, CountRange> vulnerabilities;
  std::map<Severity, CountRange> bulletins;
  CountRange all_vulnerabilities, all_bulletins;
  CountRange days_as_serviced, days_by_components;
};

void count_one(CountRange& count, Touch touch) {
  if (touch == Touch::yes) ++count.lower;
  if (touch != Touch::no) ++count.upper;
}

// A bulletin has the severity of the worst in it. It is surely `severity` when the worst that touches is, and nothing
// worse may; it may be when the worst that touches is not beyond it and something of it may touch.
void count_bulletin(const BulletinSeverities& bulletin, const std::map<Severity, bool>& may, SideCounts& counts) {
  if (bulletin.touched) ++counts.all_bulletins.lower;
  if (bulletin.touched || bulletin.maybe) ++counts.all_bulletins.upper;
  for (const auto& [severity, present] : may) {
    const bool not_beyond = !bulletin.touched || bulletin.surely <= severity;
    if (not_beyond && present) ++counts.bulletins[severity].upper;
    const bool worst = bulletin.touched && bulletin.surely == severity;
    if (worst && (!bulletin.maybe || bulletin.possibly <= severity)) ++counts.bulletins[severity].lower;
  }
}

void count_bulletins(const std::vector<ExposedVulnerability>& rows, Side side, SideCounts& counts) {
  std::map<std::string, std::pair<BulletinSeverities, std::map<Severity, bool>>> bulletins;
  for (const ExposedVulnerability& row : rows) {
    const SideExposure& exposure = row.*side;
    if (!exposure.applies || exposure.match.touch == Touch::no) continue;
    auto& [bulletin, may] = bulletins[row.bulletin];
    may[exposure.severity] = true;
    if (exposure.match.touch == Touch::yes) {
      bulletin.touched = true;
      bulletin.surely = std::max(bulletin.surely, exposure.severity);
    } else {
      bulletin.maybe = true;
      bulletin.possibly = std::max(bulletin.possibly, exposure.severity);
    }
  }
  for (const auto& [name, bulletin] : bulletins) count_bulletin(bulletin.first, bulletin.second, counts);
}

// A day counts once, however many updates it brought. A container is never rebooted: it is built anew for every fix.
void count_days(const std::vector<ExposedVulnerability>& rows, Side side, bool rebuilds, SideCounts& counts) {
  std::set<std::string> serviced, maybe_serviced, touched, maybe_touched;
  for (const ExposedVulnerability& row : rows) {
    const SideExposure& exposure = row.*side;
    if (!exposure.applies || exposure.fixes == 0) continue;
    const bool surely = rebuilds || exposure.restart == Restart::yes;
    const bool possibly = rebuilds || exposure.restart != Restart::no;
    if (surely) serviced.insert(row.day);
    if (possibly) maybe_serviced.insert(row.day);
    if (surely && exposure.match.touch == Touch::yes) touched.insert(row.day);
    if (possibly && exposure.match.touch != Touch::no) maybe_touched.insert(row.day);
  }
  counts.days_as_serviced = {serviced.size(), maybe_serviced.size()};
  counts.days_by_components = {touched.size(), maybe_touched.size()};
}

SideCounts count_side(const std::vector<ExposedVulnerability>& rows, Side side, bool rebuilds) {
  SideCounts counts;
  for (const ExposedVulnerability& row : rows) {
    const SideExposure& exposure = row.*side;
    if (!exposure.applies) continue;
    count_one(counts.vulnerabilities[exposure.severity], exposure.match.touch);
    count_one(counts.all_vulnerabilities, exposure.match.touch);
  }
  count_bulletins(rows, side, counts);
  count_days(rows, side, rebuilds, counts);
  return counts;
}

void add_measures(ExposureReport& report) {
  const bool rebuilds = report.restart_unit == "rebuilds";
  SideCounts image = count_side(report.rows, &ExposedVulnerability::image, rebuilds);
  SideCounts baseline = count_side(report.rows, &ExposedVulnerability::baseline, rebuilds);
  for (const Severity severity : {Severity::critical, Severity::important}) {
    report.measures.push_back(
        {std::string(to_string(severity)) + " bulletins", image.bulletins[severity], baseline.bulletins[severity]});
  }
  report.measures.push_back({"bulletins", image.all_bulletins, baseline.all_bulletins});
  for (const Severity severity : {Severity::critical, Severity::important, Severity::moderate, Severity::low}) {
    report.measures.push_back({std::string(to_string(severity)) + " vulnerabilities", image.vulnerabilities[severity],
                               baseline.vulnerabilities[severity]});
  }
  report.measures.push_back({"vulnerabilities", image.all_vulnerabilities, baseline.all_vulnerabilities});
  const std::string days = report.restart_unit;
  const bool same_products = report.image.products == report.baseline.products;
  report.measures.push_back(
      {days + ", as serviced by Microsoft", image.days_as_serviced, baseline.days_as_serviced, same_products});
  report.measures.push_back({days + ", by components included", image.days_by_components, baseline.days_by_components});
}

void count_tags(const TagMap& tags, ExposureReport& report) {
  std::set<std::string> seen;
  for (const ExposedVulnerability& row : report.rows) seen.insert(row.tag);
  report.tags = seen.size();
  report.known_tags = static_cast<std::uint64_t>(
      std::count_if(seen.begin(), seen.end(), [&](const std::string& tag) { return tags.find(tag) != nullptr; }));
}

Result<std::vector<const SecurityDocument*>> documents_of_period(const SecurityDocuments& all,
                                                                 const ExposureRequest& request) {
  std::vector<const SecurityDocument*> chosen;
  for (const SecurityDocument& document : all.documents) {
    const bool after = request.from.empty() || document.month >= request.from;
    const bool before = request.to.empty() || document.month <= request.to;
    if (after && before) chosen.push_back(&document);
  }
  if (chosen.empty()) {
    const std::string known = all.documents.empty() ? std::string("none was read")
                                                    : "those that were read are of " + all.documents.front().month +
                                                          " to " + all.documents.back().month;
    return fail("cannot find security documents of the period: " + known);
  }
  return chosen;
}

// Every pattern must choose something: a misspelled product would count as one without faults.
Result<void> check_patterns(const std::vector<const SecurityDocument*>& documents,
                            const std::vector<std::string>& patterns) {
  std::set<std::string> names;
  for (const SecurityDocument* document : documents) {
    for (const SecurityProduct& product : document->products) names.insert(product.name);
  }
  for (const std::string& pattern : patterns) {
    const bool found =
        std::any_of(names.begin(), names.end(), [&](const auto& name) { return chooses({pattern}, name); });
    if (found) continue;
    return fail("cannot find the product \"" + pattern + "\": none of the " + std::to_string(names.size()) +
                    " products of the documents fits",
                did_you_mean(nearest_name(pattern, names)));
  }
  return {};
}

Result<ChosenProducts> choose_products(const std::vector<const SecurityDocument*>& documents, const TagMap& tags,
                                       const ExposureRequest& request) {
  ChosenProducts chosen{request.image_products, request.baseline_products};
  if (chosen.image.empty()) chosen.image = tags.products_of(request.image.os_version());
  if (chosen.image.empty()) {
    return fail("cannot choose the products of " + request.image.name() + ": its build \"" +
                    request.image.os_version() + "\" is not in the tag map",
                std::vector<std::string>{"name one: --product \"Windows Server 2016\""});
  }
  if (chosen.baseline.empty()) chosen.baseline = chosen.image;
  WINNOW_CHECK(check_patterns(documents, chosen.image));
  WINNOW_CHECK(check_patterns(documents, chosen.baseline));
  return chosen;
}

ExposureSide side_of(const ExposedSubject& subject, const std::vector<std::string>& products) {
  return {subject.name(), products, subject.is_product(), subject.is_container(), subject.feeds()};
}

std::string percent_text(double percent) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f %%", percent);
  return text;
}

}  // namespace

PercentRange percent_fewer(const CountRange& image, const CountRange& baseline) {
  const auto fewer = [](std::uint64_t part, std::uint64_t whole) -> std::optional<double> {
    if (whole == 0) return std::nullopt;
    return 100.0 * (1.0 - static_cast<double>(part) / static_cast<double>(whole));
  };
  return {fewer(image.upper, baseline.lower), fewer(image.lower, baseline.upper)};
}

PercentRange percent_fewer(const ExposureMeasure& measure) {
  if (measure.is_same && measure.baseline.upper > 0) return {0.0, 0.0};
  return percent_fewer(measure.image, measure.baseline);
}

std::string to_string(const PercentRange& percent) {
  if (!percent.lower || !percent.upper) return "-";
  const std::string low = percent_text(*percent.lower);
  const std::string high = percent_text(*percent.upper);
  if (low == high) return low;
  return low.substr(0, low.size() - 2) + " to " + high;
}

std::string to_string(const CountRange& count) {
  if (count.lower == count.upper) return std::to_string(count.lower);
  return std::to_string(count.lower) + " to " + std::to_string(count.upper);
}

Result<ExposureReport> measure_exposure(const SecurityDocuments& documents, const TagMap& tags,
                                        const ExposureRequest& request) {
  WINNOW_TRY(const auto period, documents_of_period(documents, request));
  WINNOW_TRY(const ChosenProducts chosen, choose_products(period, tags, request));
  ExposureReport report;
  report.image = side_of(request.image, chosen.image);
  report.baseline = side_of(request.baseline, chosen.baseline);
  report.from = period.front()->month;
  report.to = period.back()->month;
  report.restart_unit = report.image.is_container || report.baseline.is_container ? "rebuilds" : "reboots";
  report.tag_map = "version " + tags.version();
  report.warnings = documents.warnings;
  collect_rows(period, tags, request, chosen, report);
  count_tags(tags, report);
  add_measures(report);
  return report;
}

}  // namespace winnow
