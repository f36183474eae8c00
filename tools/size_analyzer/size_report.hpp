// How large an image is, whose bytes they are, and how that compares with a baseline: tables for people, JSON, CSV and
// Markdown. Views of ImageFacts; nothing is measured here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/text_table.hpp"
#include "size_analyzer/comparison.hpp"
#include "size_analyzer/image_facts.hpp"
#include "size_analyzer/size_tree.hpp"

namespace winnow {

struct SizeOptions {
  SizeAxis axis = SizeAxis::package;
  Measure measure = Measure::stored;  // rows are sorted by it
};

struct SizeReport {
  std::string image;  // path as given
  ImageFacts facts;
  SizeOptions options;
  SizeRow root;
  std::optional<SizeComparison> comparison;
};

// Error when rows do not add up, which is a bug: "cannot trust the size report of <image>: row …".
[[nodiscard]] Result<SizeReport> make_size_report(const std::string& image, ImageFacts facts,
                                                  const SizeOptions& options);

// What of the rows is printed.
struct RowLimits {
  std::size_t depth = 3;  // levels below the root
  std::size_t top = 20;   // rows of one parent, 0 = all; the others are summed up in one
  std::size_t width = 0;  // of a line; 0 = as wide as it gets
};

// Columns: human units; with exact bytes where the width allows. Ends in a line end.
[[nodiscard]] std::string print_size_report(const SizeReport& report, const RowLimits& limits = {});
// All rows; schema "winnow-size-2".
[[nodiscard]] Json to_json(const SizeReport& report);
// All rows to `depth`, each with its names from the root on.
[[nodiscard]] std::string print_size_csv(const SizeReport& report, const RowLimits& limits);
[[nodiscard]] std::string print_size_markdown(const SizeReport& report, const RowLimits& limits);

// "owners from the image's provenance (45 files), version resources (2); nobody's 1": what is known from where.
[[nodiscard]] std::string owners_text(const ImageFacts& facts);
// "allocated: clusters of the volume, 4,096 bytes each".
[[nodiscard]] std::string allocated_text(const ImageFacts& facts);

// "5.0 MB" (10^6), "999 bytes".
[[nodiscard]] std::string human_size(ByteCount bytes);

}  // namespace winnow
