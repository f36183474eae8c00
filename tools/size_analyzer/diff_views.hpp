// A difference of two images for people and for programs: views of FactsDiff and its causes, nothing is computed here.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "size_analyzer/blame.hpp"
#include "size_analyzer/diff_facts.hpp"

namespace winnow {

inline constexpr std::string_view kDiffSchema = "winnow-diff-1";  // tools/size_analyzer/diff.schema.json

// The causes of a difference beside it.
struct ExplainedDiff {
  FactsDiff diff;
  std::vector<CauseRow> causes;  // sum_causes() of all pieces
};

struct DiffViewOptions {
  Measure measure = Measure::stored;  // rows are sorted by their change in this one
  std::size_t top = 20;               // rows of owners, files and causes at most; 0 = all
};

// Largest change first (by amount), then by cause, subject and reason. Rows without a change in `measure` are left out.
[[nodiscard]] std::vector<CauseRow> largest_causes(const std::vector<CauseRow>& causes, Measure measure);

// Tables: old, new, difference; counts with what came and went ("+6 -8"); causes; owners; files. Ends in a line end.
[[nodiscard]] std::string print_diff(const ExplainedDiff& diff, const DiffViewOptions& options);
[[nodiscard]] Json to_json(const ExplainedDiff& diff);
// One row a cause, owner, file, overhead, kind and count; the first column says which.
[[nodiscard]] std::string print_diff_csv(const ExplainedDiff& diff);
// For a pull request: at most 40 lines.
[[nodiscard]] std::string print_diff_markdown(const ExplainedDiff& diff, const DiffViewOptions& options);

}  // namespace winnow
