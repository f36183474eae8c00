// Builds that somebody else measured, as comma-separated values (RFC 4180, UTF-8). The first line names the columns, in
// any order:
//   date    2026-11-22, with a time or without, or seconds since 1970
//   commit  which build it is
//   repo    image repository            } together the series: "repo:image"
//   image   which image of it           }
//   bytes   its size, kept as the logical one
//   base    (may be missing) what the image stands on; without the column the folder of `image` that starts with
//           nanoserver, servercore or windowsservercore, and all after it
// Rows of a series are in the order of their dates, those of one date in the order of the file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "size_analyzer/history/build_record.hpp"

namespace winnow {

inline constexpr ByteCount kMaxHistoryCsv = ByteCount{64} << 20U;

// Every fault of the file, at most 20 of them: "<name>:<line>:<column>: cannot import row: <reason>".
[[nodiscard]] Result<std::vector<BuildRecord>> parse_history_csv(std::string_view text, const std::string& name);

// Text that a terminal and a table can show: not empty, at most 1,024 bytes, no control characters.
[[nodiscard]] bool is_printable_name(std::string_view text);

}  // namespace winnow
