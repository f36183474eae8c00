// How many of a period's vulnerabilities, bulletins and reboots touch an image, beside a baseline. Invariants: every
// number is a count of rows that are in the report; lower <= upper; a percentage is of one unit, and stands beside its
// two counts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "size_analyzer/exposure/exposed_subject.hpp"
#include "size_analyzer/exposure/load_documents.hpp"

namespace winnow {

// What is known to touch, and that with what may.
struct CountRange {
  std::uint64_t lower = 0;
  std::uint64_t upper = 0;
  friend bool operator==(const CountRange&, const CountRange&) = default;
};

// By how much less the image has, in percent of the baseline; negative = more. Absent when the baseline has none.
struct PercentRange {
  std::optional<double> lower;
  std::optional<double> upper;
};
[[nodiscard]] PercentRange percent_fewer(const CountRange& image, const CountRange& baseline);
// "91.3 %", "-8.0 % (more)", "78.3 to 91.3 %", "-" when the baseline has none.
[[nodiscard]] std::string to_string(const PercentRange& percent);
// "5", "2 to 5".
[[nodiscard]] std::string to_string(const CountRange& count);

struct ExposureMeasure {
  std::string name;  // "critical bulletins"
  CountRange image;
  CountRange baseline;
  bool is_same = false;  // both count the very same events, so that a range of one is that of the other
};
[[nodiscard]] PercentRange percent_fewer(const ExposureMeasure& measure);

// How severely a vulnerability affects the chosen products of one side, and whether it touches it.
struct SideExposure {
  bool applies = false;  // to the products of that side
  Severity severity = Severity::unrated;
  Restart restart = Restart::no;  // of the fixes for these products
  std::size_t fixes = 0;
  Match match;
};

struct ExposedVulnerability {
  std::string month, day;  // "2016-04", "2016-04-12"
  std::string id, title, tag, impact;
  std::string bulletin;              // the group it is counted in
  std::vector<std::string> updates;  // "KB3147461"
  std::string location;              // where it stands in its document
  SideExposure image, baseline;
};

struct ExposureDocument {
  std::string file, id, title, month;
  std::uint64_t vulnerabilities = 0;  // in it
  std::uint64_t applicable = 0;       // to the chosen products
};

struct ExposureSide {
  std::string name;
  std::vector<std::string> products;  // as chosen
  bool is_whole_product = false;
  bool is_container = false;
  std::vector<std::string> feeds;
};

struct ExposureReport {
  ExposureSide image, baseline;
  std::string from, to;  // months of the first and last document that was counted
  std::string bulletin_unit;
  std::string restart_unit;  // "reboots" or "rebuilds"
  std::string tag_map;       // name and version
  std::uint64_t tags = 0;    // different ones of the rows
  std::uint64_t known_tags = 0;
  std::vector<ExposureDocument> documents;
  std::vector<ExposureMeasure> measures;
  std::vector<ExposedVulnerability> rows;  // by month, day, id
  std::vector<DocumentWarning> warnings;
};

struct ExposureRequest {
  ExposedSubject image;
  ExposedSubject baseline;
  std::vector<std::string> image_products;     // patterns; none = those of the image's build
  std::vector<std::string> baseline_products;  // none = the image's
  std::string from, to;                        // "2016-04"; "" = no bound
};

// Error "cannot find …" when no document is of the period, or no product fits.
[[nodiscard]] Result<ExposureReport> measure_exposure(const SecurityDocuments& documents, const TagMap& tags,
                                                      const ExposureRequest& request);

[[nodiscard]] std::string print_exposure(const ExposureReport& report, bool all_rows);
[[nodiscard]] std::string exposure_markdown(const ExposureReport& report);
[[nodiscard]] std::string exposure_csv(const ExposureReport& report);
[[nodiscard]] Json to_json(const ExposureReport& report);  // schema "winnow-exposure-1"

}  // namespace winnow
